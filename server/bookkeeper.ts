import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import type { HeldChunk } from './active-job.ts'
import { type Database, isRetryable } from './db/database.ts'
import type { RecentResult } from './db/recent-result.ts'
import { type Books, type ContributionBook, chunkKey, writeBooks } from './db/write-books.ts'
import type { Folded } from './domain/chunk.ts'
import { foldChecks } from './domain/credibility.ts'
import type { Standing, TaskState, Vote } from './domain/task.ts'
import { vestsAt } from './domain/vesting.ts'
import type { KnownDevices } from './known-devices.ts'
import type { Logger } from './logger.ts'

/** How soon people see what their results came to, where there is little to write. */
const everyMs = 500
/** Between two writings there is so many times what the last one took: under load they are fewer, and larger. */
const restShare = 4
/** However long that was: a database that stood still for a minute is no reason to wait for four. */
const longestRestMs = 5000
/** Accounts whose latest results are written at once: more would keep all others waiting. */
const recentAtOnce = 100
/** Latest results of an account that are worth telling it. */
const recentKept = 50

/** A task of a chunk. */
interface Place {
  readonly held: HeldChunk
  readonly offset: number
}

/**
 * Keeps the books: notes what each folded vote changed, and writes it down twice a second, in absolute values. What is
 * lost with the server is found again by folding the logs.
 */
export function createBookkeeper(input: {
  readonly database: Database
  readonly serverId: string
  readonly known: KnownDevices
  readonly isLocal: boolean
  readonly now: () => number
  readonly log: Logger
  /** Another server has taken the chunk over. */
  readonly onLost: (held: HeldChunk) => void
}) {
  const { database, serverId, known, isLocal, now, log, onLost } = input
  const changed = new Set<HeldChunk>()
  /** Tasks whose result has changed for an account, the latest last, some of them twice. */
  const recent = new Map<bigint, Place[]>()
  const stopping = new AbortController()
  let writing: Promise<void> = Promise.resolve()

  function noteStanding(held: HeldChunk, offset: number, task: TaskState, place: number): void {
    const { accountId } = (task.votes[place] as Vote).report
    const standing = task.standings[place]
    held.touched.add(accountId)
    if (standing === 'accepted' || standing === 'rejected')
      known.noteCheck(accountId, held.job.kernelDigest, {
        kind: standing === 'accepted' ? 'passed' : 'failed',
        at: now(),
      })
    noteRecent(accountId, { held, offset })
  }

  function noteRecent(accountId: bigint, place: Place): void {
    const places = recent.get(accountId)
    if (places === undefined) recent.set(accountId, [place])
    else if (places.push(place) > 4 * recentKept) places.splice(0, 2 * recentKept)
  }

  /** Those that have waited longest. */
  function takeRecent(): Map<bigint, Place[]> {
    const taken = new Map<bigint, Place[]>()
    for (const [accountId, places] of recent) {
      if (taken.size === recentAtOnce) break
      taken.set(accountId, places)
      recent.delete(accountId)
    }
    return taken
  }

  function contributionsOf({ job, chunk, touched }: HeldChunk): ContributionBook[] {
    return [...touched].flatMap(accountId => {
      const contribution = chunk.contributions.get(accountId)
      if (contribution === undefined) return []
      const { changedAt, ...counts } = contribution
      return [
        {
          ...counts,
          accountId,
          jobId: job.jobId,
          lo: chunk.lo,
          kernelDigest: job.row.kernelDigest,
          microCredits: BigInt(counts.accepted) * job.row.microCredits,
          earnedAt: new Date(changedAt),
          vestsAt: new Date(vestsAt(changedAt, isLocal)),
        },
      ]
    })
  }

  async function write(): Promise<void> {
    const slowness = known.takeMeasured()
    if (changed.size === 0 && recent.size === 0 && slowness.size === 0) return
    const chunks = [...changed]
    const told = takeRecent()
    const books: Books = {
      chunks: chunks.map(({ job, chunk, summary }) => ({ jobId: job.jobId, lo: chunk.lo, ...chunk.counts, summary })),
      contributions: chunks.flatMap(contributionsOf),
      recent: new Map([...told].map(([accountId, places]) => [accountId, latestOf(accountId, places)])),
      slowness,
    }
    changed.clear()
    const touched = chunks.map(held => [...held.touched])
    for (const held of chunks) held.touched.clear()
    try {
      const at = now()
      const written = await writeBooks(database, {
        books,
        owner: serverId,
        now: new Date(at),
        foldChecks: (record, checks) => foldChecks(record, { ...checks, at }),
      })
      for (const held of chunks) {
        if (!changed.has(held)) held.isChanged = false
        if (!written.has(chunkKey({ jobId: held.job.jobId, lo: held.chunk.lo }))) onLost(held)
      }
    } catch (error) {
      // Absolute values: what could not be written now is written next time, with what has come since.
      for (const [at, held] of chunks.entries()) {
        for (const accountId of touched[at] ?? []) held.touched.add(accountId)
        markChanged(held)
      }
      for (const [accountId, places] of told) recent.set(accountId, [...places, ...(recent.get(accountId) ?? [])])
      throw error
    }
  }

  /** Whoever holds a chunk next folds all of its log: what has left this server's memory must not overwrite that. */
  function markChanged(held: HeldChunk): void {
    if (held.job.chunks.get(held.chunk.lo) !== held) return
    held.isChanged = true
    changed.add(held)
  }

  async function keepWriting(): Promise<void> {
    let tookMs = 0
    while (!stopping.signal.aborted) {
      const restMs = Math.min(Math.max(everyMs, restShare * tookMs), longestRestMs)
      await sleep(restMs, undefined, { signal: stopping.signal }).catch(() => {})
      const startedAt = performance.now()
      await tryWrite()
      tookMs = performance.now() - startedAt
    }
  }

  async function tryWrite(): Promise<boolean> {
    try {
      await write()
      return true
    } catch (error) {
      if (!isRetryable(error)) log.error('The books could not be written', { error })
      return false
    }
  }

  return {
    start(): void {
      writing = keepWriting()
    },

    /** Notes what a vote has changed. */
    note(held: HeldChunk, offset: number, { before, after }: Folded): void {
      if (after === before) return
      markChanged(held)
      for (let place = 0; place < after.standings.length; place++)
        if (before.standings[place] !== after.standings[place]) noteStanding(held, offset, after, place)
    },

    /** All of a chunk is to be written: its log has just been folded. */
    noteAll(held: HeldChunk): void {
      for (const accountId of held.chunk.contributions.keys()) held.touched.add(accountId)
      markChanged(held)
    },

    /** A chunk that has left this server's memory is not written. */
    forget(held: HeldChunk): void {
      changed.delete(held)
    },

    /** Chunks that wait to be written. */
    queued: (): number => changed.size,

    /** Writes what is left. */
    async stop(): Promise<void> {
      stopping.abort()
      await writing
      let isWritten = await tryWrite()
      while (isWritten && recent.size > 0) isWritten = await tryWrite()
    },
  }
}

/** The latest results of an account, each as it stands now. */
function latestOf(accountId: bigint, places: readonly Place[]): RecentResult[] {
  const results = new Map<string, RecentResult>()
  for (const { held, offset } of places.toReversed()) {
    if (results.size === recentKept) break
    const key = `${held.job.jobId} ${held.chunk.lo} ${offset}`
    if (results.has(key)) continue
    const task = held.chunk.task(offset)
    const at = task.votes.findIndex(({ report }) => report.accountId === accountId)
    if (at !== -1) results.set(key, toRecent(held, offset, task, at))
  }
  return [...results.values()]
}

function toRecent({ job, chunk }: HeldChunk, offset: number, task: TaskState, at: number): RecentResult {
  const { report, elapsedMs } = task.votes[at] as Vote
  const standing = task.standings[at] as Standing
  return {
    jobId: `${job.jobId}`,
    index: `${chunk.lo + BigInt(offset)}`,
    returnedAt: report.returnedAt,
    elapsedMs,
    state: stateOf(task, standing),
    microCredits: standing === 'accepted' ? Number(job.row.microCredits) : 0,
    ...(task.judgedAt !== undefined && { judgedAt: task.judgedAt, others: task.votes.length - 1 }),
  }
}

function stateOf({ judgement }: TaskState, standing: Standing): RecentResult['state'] {
  if (standing === 'waiting') return 'returned'
  if (standing === 'accepted' || standing === 'rejected') return standing
  return judgement.state === 'failed' ? 'failed' : 'disputed'
}
