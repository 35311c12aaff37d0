import { type ProgramParameters, programKernelId } from '../../protocol/program.ts'
import { createFolderBlobs } from '../blobs/folder-blobs.ts'
import type { NewJobRow } from '../db/jobs.ts'
import { createLogger } from '../logger.ts'
import { createMerger } from '../results/merger.ts'
import { insertChunk, insertJobs } from './chunk-log.ts'
import { createTestDatabase } from './create-database.ts'
import { startTestServer, type TestServer } from './start-test-server.ts'
import type { Said } from './votes.ts'

const counting: ProgramParameters = {
  kind: 'wasi',
  split: { kind: 'range', from: '1', to: '60', size: '10' },
  arguments: ['--from', '{from}'],
  stdin: 'empty',
  shared: [],
}

export type FinishedJob = TestServer & {
  /** Makes the merged answer, as the server does every two seconds. */
  merge(): Promise<void>
}

/**
 * A server with one job, number 1, of an uploaded program: six tasks unless said otherwise, whose votes are these.
 *
 * @param says one list for each four tasks
 */
export async function startFinishedJob(
  changes: Partial<NewJobRow>,
  ...says: readonly (readonly Said[])[]
): Promise<FinishedJob> {
  const { url: databaseUrl, database } = await createTestDatabase()
  await insertJobs(database, {
    kernelId: programKernelId,
    parameters: counting,
    taskCount: 6n,
    title: 'Count',
    emptySummary: { outputs: 0, bytes: 0 },
    merged: changes.merge === undefined ? undefined : { state: 'waiting' },
    ...changes,
  })
  for (const [chunk, said] of says.entries()) {
    const failed = said.some(one => one.failed !== undefined) ? 1 : 0
    await insertChunk(database, { jobId: 1n, lo: BigInt(4 * chunk) }, said, { failed })
  }
  await database.query(`update jobs set state = 'finished'`)
  const server = await startTestServer({ databaseUrl })
  const merger = createMerger({
    database,
    blobs: createFolderBlobs(`${server.dataFolder}/blobs`),
    now: Date.now,
    log: createLogger(line => server.logged.push(line)),
  })
  return { ...server, database, merge: merger.tend }
}
