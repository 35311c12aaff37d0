import { parseArgs } from 'node:util'
import { TidemillError } from '../../protocol/errors.ts'
import { compareReceipts } from './compare-receipts.ts'
import { verifyResults } from './verify-results.ts'

const verifyHelp = `Checks results that were downloaded as a zip, without the server: npm run verify -- results.zip

  --server URL   compares a hundred outputs with the public receipts of their tasks as well
  --all          compares all of them
  --help

Ends with 0 where all is whole, with 1 where it is not, with 2 where it could not be checked.
`

const options = {
  server: { type: 'string' },
  all: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

/**
 * The command `verify`.
 *
 * @returns what the process ends with
 */
export async function runVerify(args: readonly string[]): Promise<number> {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, strict: true, allowPositionals: true })
    const { server, all: isAll, help } = values
    const [path, ...more] = positionals
    if (help || path === undefined || more.length > 0 || (server !== undefined && !URL.canParse(server))) {
      ;(help ? process.stdout : process.stderr).write(verifyHelp)
      return help ? 0 : 2
    }
    const compare = server === undefined ? undefined : compareReceipts({ serverUrl: server.replace(/\/+$/, ''), isAll })
    const { isWhole, notes, problems, problemCount } = await verifyResults(path, compare)
    for (const note of notes) console.log(note)
    for (const problem of problems) console.log(`Not right: ${problem}`)
    if (problemCount > problems.length) console.log(`And ${problemCount - problems.length} more.`)
    console.log(
      isWhole
        ? 'All of it is whole.'
        : `It is not whole: ${problemCount === 1 ? '1 problem' : `${problemCount} problems`}.`,
    )
    return isWhole ? 0 : 1
  } catch (error) {
    if (
      !(error instanceof TidemillError) &&
      (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS') !== true
    )
      throw error
    console.error((error as Error).message)
    return 2
  }
}
