import { createHash } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { promisify } from 'node:util'
import { zstdCompress } from 'node:zlib'
import type { ActiveJob, HeldChunk } from './active-job.ts'
import { drainInbox, findInbox } from './db/append-log.ts'
import { type ChunkRow, claimChunks, cutChunk, renewChunks } from './db/chunks.ts'
import { type Database, isRetryable } from './db/database.ts'
import { decodeEntries } from './db/entry-codec.ts'
import { readLog } from './db/read-chunk.ts'
import { sealChunk } from './db/seal-chunk.ts'
import { chunkKey } from './db/write-books.ts'
import { Chunk, type Folded } from './domain/chunk.ts'
import type { Ballot } from './domain/judge.ts'
import type { OpenLeases } from './domain/open-leases.ts'
import type { LoggedVote, TaskState } from './domain/task.ts'
import type { Logger } from './logger.ts'
import type { Secrecy } from './secrecy.ts'

/** Chunks left behind by dead servers that one server takes over at a time. */
const claimsAtOnce = 32
const cutsAtOnce = 64
/** For so long there are tasks that nobody has been given yet. */
const cutAheadSeconds = 1
const compress = promisify(zstdCompress)

const keyOf = ({ job, chunk }: HeldChunk) => ({ jobId: job.jobId, lo: chunk.lo })

/**
 * Holds chunks in the database's name: claims them, folds their logs into memory, renews the claims, and seals what is
 * final. Only what is in memory is renewed: a chunk that is let go is claimed again when its claim has ended, by this
 * server or another, and its log folded again.
 */
export function createChunkKeeper(input: {
  readonly database: Database
  readonly serverId: string
  readonly jobs: ReadonlyMap<bigint, ActiveJob>
  readonly secrecy: Secrecy
  readonly openLeases: OpenLeases
  readonly now: () => number
  readonly log: Logger
  /** A chunk has come into memory. */
  readonly onHeld: (held: HeldChunk) => void
  readonly onLetGo: (held: HeldChunk) => void
  readonly drain: (held: HeldChunk) => Promise<void>
}) {
  const { database, serverId, jobs, secrecy, openLeases, now, log, onHeld, onLetGo, drain } = input
  const allHeld = () => [...jobs.values()].flatMap(job => [...job.chunks.values()])
  const settling = new Set<Promise<unknown>>()
  const isHeld = (held: HeldChunk) => held.job.chunks.get(held.chunk.lo) === held

  function letGo(held: HeldChunk): void {
    if (!isHeld(held)) return
    held.job.chunks.delete(held.chunk.lo)
    held.chunk.close()
    onLetGo(held)
  }

  /** Work for a chunk in the background. Where it fails, the chunk is let go. */
  function settle(work: Promise<unknown>, held: HeldChunk): void {
    const settled = work
      .catch((error: unknown) => {
        letGo(held)
        if (!isRetryable(error)) log.error('A chunk is let go: its log will be folded again', { ...keyOf(held), error })
      })
      .finally(() => settling.delete(settled))
    settling.add(settled)
  }

  /** Takes a claimed chunk into memory. */
  async function adopt(job: ActiveJob, { lo, hi }: ChunkRow): Promise<void> {
    const chunk = new Chunk({
      lo,
      hi,
      policy: job.row.policy,
      openLeases,
      isProbeTask: secrecy.ofChunk(job.jobId, lo),
    })
    const written = await readLog(database, { jobId: job.jobId, lo })
    const seq = (written.at(-1)?.seq ?? -1) + 1
    const received = await drainInbox(database, { jobId: job.jobId, lo, owner: serverId, seq })
    const votes = [...written, ...received].flatMap(({ entries }) => [...decodeEntries(entries)])
    for (const vote of votes) chunk.fold(vote)
    const held: HeldChunk = {
      job,
      chunk,
      nextSeq: seq + received.length,
      summary: job.kernel.emptySummary,
      touched: new Set(),
      isChanged: false,
      isSealing: false,
    }
    const added = new Set<number>()
    for (const { offset, said } of votes) {
      if (said.kind !== 'output' || added.has(offset) || !isAccepted(chunk.task(offset), said.digest)) continue
      added.add(offset)
      addOutput(held, said.output)
    }
    job.chunks.set(lo, held)
    if (votes.length > 0) onHeld(held)
  }

  function addOutput(held: HeldChunk, output: Uint8Array): void {
    try {
      held.summary = held.job.kernel.addOutput(held.summary, output)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      // Accepted under another version of the kernel: the verdict stands, the picture goes without.
      log.warn('An accepted output could not be decoded', { ...keyOf(held), error })
    }
  }

  async function seal(held: HeldChunk): Promise<void> {
    const key = keyOf(held)
    // Before anything is waited for: of what comes from here on, the books that are written know nothing.
    const lastSeq = held.nextSeq - 1
    const rows = await readLog(database, key)
    const written = rows.at(-1)?.seq ?? -1
    if (written !== lastSeq) {
      await drain(held)
      // Whatever this server has appended is folded now. This row is nobody's: its answer was lost, say.
      if (written >= held.nextSeq) letGo(held)
      return
    }
    const bytes = await compress(Buffer.concat(rows.map(({ entries }) => entries)))
    const isSealed = await sealChunk(
      database,
      {
        ...key,
        owner: serverId,
        lastSeq,
        segment: { bytes, digest: createHash('sha256').update(bytes).digest() },
        now: new Date(now()),
      },
      held.job.kernel.mergeSummaries,
    )
    if (isSealed) letGo(held)
    else await drain(held)
  }

  async function cut(job: ActiveJob): Promise<void> {
    let unstarted = 0
    for (const { chunk } of job.chunks.values()) unstarted += chunk.unstarted
    // By the second: where this server was held up, what was leased meanwhile says nothing about what is needed now.
    const perSecond = job.startedLately / Math.max((performance.now() - job.cutAt) / 1000, 0.1)
    const wanted = Math.max(job.row.chunkSize / 2, perSecond * cutAheadSeconds)
    job.startedLately = 0
    job.cutAt = performance.now()
    const { emptySummary } = job.kernel
    for (let cuts = 0; unstarted < wanted && cuts < cutsAtOnce && !job.isCut; cuts++) {
      const row = await cutChunk(database, { jobId: job.jobId, owner: serverId, emptySummary })
      if (row === undefined) job.isCut = true
      else await adopt(job, row)
      unstarted += row === undefined ? 0 : Number(row.hi - row.lo)
    }
  }

  return {
    letGo,

    /** Adds an output that a vote has made accepted to its chunk's summary. */
    noteVerdict(held: HeldChunk, { said }: LoggedVote, { before, after }: Folded): void {
      if (after === before || after.judgement.state !== 'accepted') return
      const { digest } = after.judgement
      if (before.judgement.state === 'accepted') {
        // Overturned: what was added cannot be taken off again.
        if (before.judgement.digest !== digest) letGo(held)
        return
      }
      // Whoever decided agrees with what is accepted; within a tolerance, its own bytes may be others.
      const medoid = after.votes.find(({ ballot, output }) => output !== undefined && saysDigest(ballot, digest))
      const output = medoid?.output ?? (said.kind === 'failed' ? undefined : said.output)
      if (output === undefined) letGo(held)
      else addOutput(held, output)
    },

    /** Folds in what other servers received for a chunk. One that is not here is another server's business, or soon ours. */
    catchUp(job: ActiveJob, lo: bigint): void {
      const held = job.chunks.get(lo)
      if (held !== undefined) settle(drain(held), held)
    },

    catchUpAll(): void {
      for (const held of allHeld()) settle(drain(held), held)
    },

    /** Renews the claims, drops chunks that another server has taken, and takes those of the dead. */
    async renew(): Promise<void> {
      const before = allHeld()
      const renewed = new Set((await renewChunks(database, serverId, before.map(keyOf))).map(chunkKey))
      for (const held of before) if (!renewed.has(chunkKey(keyOf(held)))) letGo(held)
      for (const row of await claimChunks(database, {
        owner: serverId,
        jobIds: [...jobs.keys()],
        limit: claimsAtOnce,
      })) {
        const job = jobs.get(row.jobId) as ActiveJob
        if (job.chunks.has(row.lo)) continue
        try {
          await adopt(job, row)
        } catch (error) {
          if (isRetryable(error)) throw error
          // One log that cannot be read must not keep the others from being folded.
          log.error('A chunk could not be taken over', { jobId: row.jobId, lo: row.lo, error })
        }
      }
      // Notifications only save time.
      const waiting = new Set((await findInbox(database, allHeld().map(keyOf))).map(chunkKey))
      for (const held of allHeld()) if (waiting.has(chunkKey(keyOf(held)))) settle(drain(held), held)
    },

    /** Resolves when nothing is done in the background any more. */
    async idle(): Promise<void> {
      while (settling.size > 0) await Promise.all(settling)
    },

    /** Cuts new chunks where tasks run short. */
    async cut(): Promise<void> {
      for (const job of jobs.values()) if (job.state === 'active') await cut(job)
    },

    /** Seals what is final and written down. Of a canceled job nothing more can come. */
    sealFinal(): void {
      for (const held of allHeld()) {
        const isOver = held.chunk.isFinal || held.job.state === 'canceled'
        if (!isOver || held.isChanged || held.isSealing) continue
        held.isSealing = true
        settle(
          seal(held).finally(() => {
            held.isSealing = false
          }),
          held,
        )
      }
    },
  }
}

const saysDigest = (ballot: Ballot, digest: string): boolean => ballot.kind === 'output' && ballot.digest === digest
const isAccepted = ({ judgement }: TaskState, digest: string): boolean =>
  judgement.state === 'accepted' && judgement.digest === digest
