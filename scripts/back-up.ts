import { resolve } from 'node:path'
import { TidemillError } from '../protocol/errors.ts'
import { backUp } from '../server/back-up.ts'

// Copies the data folder of a server that is at work. docs/operator.md says how the copy is used.
const [target] = process.argv.slice(2)
if (target === undefined) {
  process.stderr.write('npm run back-up -- <new folder> copies TIDEMILL_DATA (.tidemill) while the server works.\n')
  process.exit(2)
}
try {
  await backUp(resolve(process.env.TIDEMILL_DATA ?? '.tidemill'), resolve(target))
  process.stdout.write(`The backup is whole: ${resolve(target)}\n`)
} catch (error) {
  if (!(error instanceof TidemillError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
}
