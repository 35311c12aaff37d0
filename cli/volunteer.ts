import { availableParallelism } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { Account } from '../protocol/account.ts'
import { type ApiClient, createApiClient } from '../protocol/client.ts'
import { TidemillError } from '../protocol/errors.ts'
import { createKeyFile } from '../workers/node/key-file.ts'
import { createNodeVolunteer } from '../workers/node/node-volunteer.ts'
import { parseVolunteerFlags, type VolunteerFlags, volunteerHelp } from './volunteer-flags.ts'
import { progressLine } from './volunteer-progress.ts'

/** How long to wait at the end: for the last report, then for the last verdicts. */
const farewellMs = { report: 5000, verdicts: 8000 }
const lineEveryMs = process.stderr.isTTY ? 250 : 5000

interface Totals {
  readonly returned: number
  readonly accepted: number
  readonly rejected: number
  readonly credit: number
}

async function readTotals(api: ApiClient, token: string): Promise<Totals> {
  const account = await api.get('/api/account', Account, { token })
  const { returned, accepted, rejected, credit } = account
  return { returned: Number(returned), accepted: Number(accepted), rejected: Number(rejected), credit }
}

const since = (end: Totals, start: Totals): Totals => ({
  returned: end.returned - start.returned,
  accepted: end.accepted - start.accepted,
  rejected: end.rejected - start.rejected,
  credit: end.credit - start.credit,
})

async function volunteer({ serverUrl, threads, seconds, keyFile }: VolunteerFlags): Promise<Totals> {
  const ended = new AbortController()
  process.once('SIGINT', () => {
    // A second Ctrl-C finds no handler and ends the process at once.
    ended.abort()
  })
  const api = createApiClient(serverUrl)
  const engine = createNodeVolunteer({ serverUrl, keys: keyFile === undefined ? undefined : createKeyFile(keyFile) })
  try {
    const before = await readTotals(api, await engine.sessionToken())
    const startedMs = Date.now()
    const show = () => {
      const line = progressLine(engine.getState(), (Date.now() - startedMs) / 1000, Date.now())
      process.stderr.write(process.stderr.isTTY ? `\r\x1b[2K${line}` : `${line}\n`)
    }
    const shown = setInterval(show, lineEveryMs)
    await engine.start({ cores: threads, cpuPercent: 100 })
    await (seconds === undefined ? untilAborted(ended.signal) : sleepAtMost(seconds * 1000, ended.signal))
    await Promise.race([Promise.all([engine.stop(), engine.reported()]), sleep(farewellMs.report)])
    clearInterval(shown)
    show()
    if (process.stderr.isTTY) process.stderr.write('\n')
    return since(await lastVerdicts(api, () => engine.sessionToken(), before), before)
  } finally {
    engine.close()
  }
}

/** What was returned last is judged when somebody else has returned it too: that may take a moment. */
async function lastVerdicts(api: ApiClient, token: () => Promise<string>, before: Totals): Promise<Totals> {
  const untilMs = Date.now() + farewellMs.verdicts
  for (;;) {
    const totals = await readTotals(api, await token())
    const { returned, accepted, rejected } = since(totals, before)
    if (returned === accepted + rejected || Date.now() >= untilMs) return totals
    await sleep(250)
  }
}

function sleepAtMost(ms: number, ended: AbortSignal): Promise<void> {
  return sleep(ms, undefined, { signal: ended }).catch((error: unknown) => {
    if (!ended.aborted) throw error
  })
}

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise(resolve => signal.addEventListener('abort', () => resolve()))

async function main(): Promise<number> {
  const parsed = parseVolunteerFlags(process.argv.slice(2), availableParallelism())
  if (parsed.kind === 'help') {
    process.stdout.write(volunteerHelp)
    return 0
  }
  if (parsed.kind === 'wrong') {
    process.stderr.write(`${parsed.sentence}\n`)
    return 2
  }
  try {
    process.stdout.write(`${JSON.stringify(await volunteer(parsed.flags))}\n`)
    return 0
  } catch (error) {
    if (!(error instanceof TidemillError)) throw error
    process.stderr.write(`${error.message}\n`)
    return 1
  }
}

process.exitCode = await main()
