import { spawnSync } from 'node:child_process'
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What a child process found that it may do. */
export interface Permissions {
  readonly open: readonly string[]
  readonly environment: readonly string[]
}

// The entry of a child process that tries what a program which broke out would.

let own = ''
const tries: Record<string, () => unknown> = {
  readOwn: () => readFileSync(join(own, 'kept')),
  writeOwn: () => writeFileSync(join(own, 'written'), ''),
  readCode: () => readFileSync('package.json'),
  // Opened only: where it can be, nothing shall be lost.
  writeCode: () => closeSync(openSync('package.json', 'a')),
  readData: () => readFileSync(join(own, '..', 'secret')),
  writeData: () => writeFileSync(join(own, '..', 'secret'), ''),
  readSystem: () => readFileSync(process.execPath),
  writeTemporary: () => writeFileSync(join(tmpdir(), 'any'), ''),
  start: () => {
    const { error } = spawnSync(process.execPath, ['--version'])
    if (error) throw error
  },
}

process.once('message', (folder: string) => {
  own = folder
  const open = Object.entries(tries).flatMap(([name, attempt]) => {
    try {
      attempt()
      return [name]
    } catch {
      return []
    }
  })
  // The channel to the parent is the one thing that Node itself puts there.
  const environment = Object.keys(process.env).filter(name => !name.startsWith('NODE_CHANNEL'))
  process.send?.({ open, environment } satisfies Permissions, () => process.exit())
})
