#!/usr/bin/env node
import { fileURLToPath } from 'node:url'

const root = new URL('../', import.meta.url)

/** As `npm start` does it: what is not built yet is built first. */
async function serve(): Promise<void> {
  process.chdir(fileURLToPath(root))
  for (const script of ['scripts/ensure-built.ts', 'server/main.ts']) await import(new URL(script, root).href)
}

/** Each command is a program of its own: it reads its flags from `process.argv` and sets its exit code. */
const commands: Readonly<Record<string, () => Promise<unknown>>> = {
  serve,
  volunteer: () => import('./volunteer.ts'),
  post: () => import('./post.ts'),
  verify: () => import('./verify.ts'),
}

const help = `Tidemill from the terminal. Each command says more with --help.

  tidemill serve              run a server, set by environment variables
  tidemill volunteer          compute for a server
  tidemill post job.json      post a job and fetch its results
  tidemill verify results.zip check results without a server
`

const [name = '--help'] = process.argv.splice(2, 1)
const command = Object.hasOwn(commands, name) ? commands[name] : undefined
if (command) await command()
else if (name === '--help' || name === 'help') process.stdout.write(help)
else {
  process.stderr.write(`tidemill knows ${Object.keys(commands).join(', ')}, not "${name}".\n`)
  process.exitCode = 2
}
