import { mkdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { type ApiClient, createApiClient } from '../../protocol/client.ts'
import { TidemillError } from '../../protocol/errors.ts'
import type { JobId } from '../../protocol/ids.ts'
import { Policy } from '../../protocol/jobs.ts'
import { createUploader } from '../../protocol/posting/upload.ts'
import { type NewJob, PostedJob, Posting } from '../../protocol/posting.ts'
import { createKeyFile } from '../../workers/node/key-file.ts'
import { createSession } from '../../workers/session.ts'
import type { PostFlags } from '../post-flags.ts'
import { ask } from './ask.ts'
import { costOf, defaultBudget, formatCredits } from './cost.ts'
import { sampleLine } from './describe-trial.ts'
import { fetchResults } from './fetch-results.ts'
import { type JobFile, readJobFile } from './job-file.ts'
import { prepareJob } from './prepare-job.ts'
import { openResultsPlace, type ResultsPlace } from './results-place.ts'
import { progressBar, type Screen } from './screen.ts'
import { type PassedTrial, tryJob } from './try-job.ts'
import { endOf, jobLine, watchJob } from './watch-job.ts'

/** This server takes no jobs from the web. */
class PostingOffError extends TidemillError {
  override readonly name = 'PostingOffError'
}

/** How it ended, as an exit code. */
export const exitCodes = { done: 0, failed: 1, wrong: 2, partial: 3, interrupted: 130 } as const

interface Desk {
  readonly api: ApiClient
  readonly token: () => Promise<string>
  readonly signal: AbortSignal
  readonly screen: Screen
}

const size = new Intl.NumberFormat('en', { style: 'unit', unit: 'kilobyte', maximumFractionDigits: 0 })

/** Everything until the job could be posted: inspection, upload, trial. */
async function tryFile(file: JobFile, policy: Policy, { api, token, signal, screen }: Desk) {
  const prepared = await prepareJob(file, {
    uploader: createUploader({ api, token }),
    signal,
    show: (what, bytes) => screen.show(`Sending ${what}: ${size.format(Math.ceil(bytes / 1000))}`),
  })
  screen.show('The server tries a few tasks, each twice.')
  const { kernel, parameters, merge } = prepared
  const trial = await tryJob(
    { kernel, parameters, compare: policy.compare },
    { api, token, signal, onProgress: (done, of) => screen.show(`${progressBar(done, of)} of the trial`) },
  )
  return { trial, merge }
}

function tellTrial({ tasks, outcome }: PassedTrial, policy: Policy, screen: Screen): void {
  screen.say('Each task of the trial gave the same answer twice:')
  for (const sample of outcome.samples) screen.say(sampleLine(sample))
  screen.say(`Cost: ${costOf(tasks, outcome.creditPerTask, policy)}`)
}

/** @returns the job; undefined where the poster said no */
async function postFile(file: JobFile, isAgreed: boolean, desk: Desk): Promise<JobId | undefined> {
  const { api, token, signal, screen } = desk
  const policy = file.job.policy ?? Policy.parse({})
  const { sponsored } = await api.get('/api/posting', Posting, { token: await token(), signal })
  if (sponsored === 'off')
    throw new PostingOffError('This server takes no jobs. Name another with --server, or ask its operator.')
  const { trial, merge } = await tryFile(file, policy, desk)
  tellTrial(trial, policy, screen)
  const { tasks, outcome } = trial
  const budgetCredits = file.job.budgetCredits ?? defaultBudget(tasks, outcome.creditPerTask, policy)
  screen.say(`Budget: ${formatCredits(budgetCredits)} credits at most`)
  if (!isAgreed && !(await ask('Post this job?', signal))) return undefined
  const { title, description = '', deadline } = file.job
  const job: NewJob = {
    trial: trial.id,
    title,
    description,
    policy,
    budgetCredits,
    merge,
    ...(deadline && { deadline }),
  }
  return (await api.post('/api/jobs', job, PostedJob, { token: await token(), signal })).id
}

async function awaitJob(id: JobId, flags: PostFlags, place: ResultsPlace | undefined, desk: Desk): Promise<number> {
  const { api, signal, screen } = desk
  const job = await watchJob(id, { api, signal, show: screen.show })
  screen.say(jobLine(job))
  if (place) await fetchResults(id, { serverUrl: flags.serverUrl, place, signal, say: screen.say })
  const end = endOf(job)
  if (end.kind === 'whole') return exitCodes.done
  screen.say(end.sentence)
  return exitCodes.partial
}

/** The command that comes back to a job. */
function comeBack(id: JobId, { serverUrl, out }: PostFlags): string {
  const server = serverUrl === 'http://127.0.0.1:8787' ? '' : ` --server ${serverUrl}`
  return `npm run post -- --job ${id}${out === undefined ? ' --wait' : ` --out ${out}`}${server}`
}

export interface PostOptions {
  /** Its abort is the poster's Ctrl-C. */
  readonly signal: AbortSignal
  readonly screen: Screen
  /** Told the address of the job. */
  readonly onPosted: (url: string) => void
}

/**
 * Posts a job and waits for it, as the flags say.
 *
 * @returns the exit code
 * @throws {TidemillError} whose message says what happened and what to change
 */
export async function runPost(flags: PostFlags, { signal, screen, onPosted }: PostOptions): Promise<number> {
  const { serverUrl, what } = flags
  const file = what.kind === 'post' ? await readJobFile(what.jobFile) : undefined
  const place = flags.out === undefined ? undefined : await openResultsPlace(flags.out)
  const api = createApiClient(serverUrl)
  let id = what.kind === 'watch' ? (what.jobId as JobId) : undefined
  const keyFile = flags.keyFile ?? join(homedir(), '.tidemill', 'key.json')
  const session = createSession(api, createKeyFile(keyFile))
  const desk: Desk = { api, token: async () => (await session.open()).token, signal, screen }
  try {
    if (file) {
      await mkdir(dirname(keyFile), { recursive: true, mode: 0o700 })
      id = await postFile(file, flags.isAgreed, desk)
      if (id === undefined) {
        screen.say('Nothing was posted.')
        return exitCodes.done
      }
      onPosted(`${serverUrl}/jobs/${id}`)
    }
    if (!flags.isAwaited || id === undefined) return exitCodes.done
    return await awaitJob(id, flags, place, desk)
  } catch (error) {
    if (!signal.aborted) throw error
    screen.say(
      id === undefined ? 'Stopped. Nothing was posted.' : `The job goes on. Come back with: ${comeBack(id, flags)}`,
    )
    return exitCodes.interrupted
  } finally {
    session.close()
  }
}
