import { TidemillError } from '../protocol/errors.ts'
import { JobFileError } from './post/job-file.ts'
import { exitCodes, runPost } from './post/run-post.ts'
import { createScreen } from './post/screen.ts'
import { type PostFlags, parsePostFlags, postHelp } from './post-flags.ts'

async function post(flags: PostFlags): Promise<number> {
  const interrupted = new AbortController()
  // A second Ctrl-C finds no handler and ends the process at once.
  process.once('SIGINT', () => interrupted.abort())
  const screen = createScreen(process.stderr)
  try {
    return await runPost(flags, {
      signal: interrupted.signal,
      screen,
      onPosted: url => process.stdout.write(`${url}\n`),
    })
  } catch (error) {
    if (!(error instanceof TidemillError)) throw error
    screen.say(error.message)
    return error instanceof JobFileError ? exitCodes.wrong : exitCodes.failed
  }
}

async function main(): Promise<number> {
  const parsed = parsePostFlags(process.argv.slice(2))
  if (parsed.kind === 'help') {
    process.stdout.write(postHelp)
    return exitCodes.done
  }
  if (parsed.kind === 'wrong') {
    process.stderr.write(`${parsed.sentence}\n`)
    return exitCodes.wrong
  }
  const { flags } = parsed
  if (flags.what.kind === 'post' && !flags.isAgreed && !process.stdin.isTTY) {
    process.stderr.write('This is no terminal, so nobody can be asked: say --yes to post without asking.\n')
    return exitCodes.wrong
  }
  return post(flags)
}

process.exitCode = await main()
