import { type Parsed, parseFlags, parsePath, parseServer, WrongFlag } from './flags.ts'

export interface PostFlags {
  /** Without a slash at its end. */
  readonly serverUrl: string
  /** Absent: the poster's own, in the home folder. */
  readonly keyFile: string | undefined
  readonly what:
    | { readonly kind: 'post'; readonly jobFile: string }
    | { readonly kind: 'watch'; readonly jobId: string }
  /** Whether to post without asking. */
  readonly isAgreed: boolean
  readonly isAwaited: boolean
  /** A folder that does not exist yet or is empty, or a .zip that does not exist yet. */
  readonly out: string | undefined
}

export const postHelp = `Posts a job to a Tidemill server: tries it, says what it costs, posts it, and fetches its results.

  post job.json            the job; docs/posting.md and GET /api/job.schema.json say what may stand in it
  post --job ID            instead: a job that has been posted before

  --wait                   stay until the job has come to its end
  --out FOLDER | FILE.zip  wait, then download the results, check them, and unpack them into a folder that is empty
                           or not there yet; or keep them as they come, in a .zip
  --yes                    post without asking
  --server URL             the server, for example http://127.0.0.1:8787 (this is the default)
  --key FILE               the file that keeps your key, and so your account (default: ~/.tidemill/key.json)

Ends with 0 where all went well, 1 where something failed, 2 where the flags or job.json are wrong, 3 where the job
has ended before all of its tasks were judged, 130 where Ctrl-C ended the waiting: the job goes on.
`

const options = {
  server: { type: 'string', default: 'http://127.0.0.1:8787' },
  key: { type: 'string' },
  job: { type: 'string' },
  wait: { type: 'boolean', default: false },
  out: { type: 'string' },
  yes: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

function parseWhat(files: readonly string[], jobId: string | undefined): PostFlags['what'] {
  const [jobFile, other] = files
  if (other !== undefined) throw new WrongFlag(`post takes one job.json, not also "${other}".`)
  if (jobId === undefined) {
    if (jobFile === undefined || jobFile === '')
      throw new WrongFlag('post takes a job.json, or --job with the number of a job that has been posted.')
    return { kind: 'post', jobFile }
  }
  if (jobFile !== undefined) throw new WrongFlag(`--job watches a job that has been posted: leave out "${jobFile}".`)
  if (!/^\d{1,19}$/.test(jobId)) throw new WrongFlag(`--job takes the number of a job, for example 12, not "${jobId}".`)
  return { kind: 'watch', jobId }
}

export function parsePostFlags(args: readonly string[]): Parsed<PostFlags> {
  const config = { args: [...args], options, strict: true, allowPositionals: true } as const
  return parseFlags(config, ({ values, positionals }) => {
    const out = values.out === undefined ? undefined : parsePath('out', 'folder or a .zip', values.out)
    return {
      serverUrl: parseServer(values.server),
      keyFile: values.key === undefined ? undefined : parsePath('key', 'file', values.key),
      what: parseWhat(positionals, values.job),
      isAgreed: values.yes,
      isAwaited: values.wait || values.job !== undefined || out !== undefined,
      out,
    }
  })
}
