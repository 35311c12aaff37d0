import { type ChildProcess, spawn } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const code = [
  'package.json',
  'protocol',
  'workers',
  ...['zod', '@bjorn3/browser_wasi_shim'].map(name => join('node_modules', name)),
].map(path => join(root, path))

export interface ChildOptions {
  /** From the root of the repository. */
  readonly entry: string
  /** What it may read and write beside reading its own code. */
  readonly folders: readonly string[]
}

/**
 * Starts a process of ours that is not trusted with much: an empty environment, no other processes, no files but those
 * named. What it is to know is told by messages.
 */
export function startChild({ entry, folders }: ChildOptions): ChildProcess {
  const readable = new Set([...code, ...code.map(path => realpathSync(path)), ...folders])
  const permissions = [
    '--permission',
    '--allow-worker',
    ...[...readable].map(path => `--allow-fs-read=${path}`),
    ...folders.map(path => `--allow-fs-write=${path}`),
  ]
  // It warns that worker threads may have permissions of their own: ours give them none.
  return spawn(process.execPath, [...permissions, '--disable-warning=PERM0006', join(root, entry)], {
    cwd: root,
    env: {},
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
}
