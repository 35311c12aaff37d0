import { randomUUID } from 'node:crypto'
import { activateJob, type HeldChunk } from '../active-job.ts'
import { createBookkeeper } from '../bookkeeper.ts'
import { createChunkKeeper } from '../chunk-keeper.ts'
import type { Database } from '../db/database.ts'
import type { JobRow } from '../db/jobs.ts'
import type { ChunkKey } from '../db/read-chunk.ts'
import { OpenLeases } from '../domain/open-leases.ts'
import type { LoggedVote } from '../domain/task.ts'
import { builtInJobKernel, type JobKernel } from '../job-kernel.ts'
import { createKnownDevices } from '../known-devices.ts'
import { createLogger } from '../logger.ts'
import { createResultLog } from '../result-log.ts'
import { createSecrecy } from '../secrecy.ts'

/** What of a server has to do with chunks, wired as in a real one, but nothing in it happens by itself. */
export function createServerParts(database: Database, row: JobRow) {
  const serverId = randomUUID()
  const now = Date.now
  const logged: string[] = []
  const sent: ChunkKey[] = []
  const log = createLogger(line => logged.push(line))
  const job = activateJob({ ...row, spent: 0n }, builtInJobKernel(row) as JobKernel, [])
  const known = createKnownDevices({ database, now })
  const openLeases = new OpenLeases()
  const bookkeeper = createBookkeeper({
    database,
    serverId,
    known,
    isLocal: false,
    now,
    log,
    onLost: held => keeper.letGo(held),
  })
  const results = createResultLog({
    database,
    serverId,
    onFolded(held, vote, folded) {
      bookkeeper.note(held, vote.offset, folded)
      keeper.noteVerdict(held, vote, folded)
    },
    onLost: held => keeper.letGo(held),
    onSent: chunks => sent.push(...chunks),
  })
  const keeper = createChunkKeeper({
    database,
    serverId,
    jobs: new Map([[row.id, job]]),
    secrecy: createSecrecy({ secret: Buffer.alloc(32, 1), isLocal: false }),
    openLeases,
    now,
    log,
    onHeld: bookkeeper.noteAll,
    onLetGo: bookkeeper.forget,
    drain: results.drain,
  })
  return {
    serverId,
    job,
    known,
    openLeases,
    bookkeeper,
    results,
    keeper,
    logged,
    sent,
    held: (lo: bigint): HeldChunk | undefined => job.chunks.get(lo),
    /** Appends votes that came in one report of one account. */
    append: (lo: bigint, ...votes: [LoggedVote, ...LoggedVote[]]) =>
      results.append([{ job, lo, report: votes[0].report, votes }]).then(([appended]) => appended),
    /** Writes the books, as it happens twice a second. */
    writeBooks: bookkeeper.stop,
  }
}

export type ServerParts = ReturnType<typeof createServerParts>
