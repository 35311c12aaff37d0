import { describe, expect, test } from 'vitest'
import type { Digest } from '../../protocol/digest.ts'
import type { Merge } from '../../protocol/jobs.ts'
import { collectBlobs } from '../blobs/collect-blobs.ts'
import { createFolderBlobs } from '../blobs/folder-blobs.ts'
import type { Database } from '../db/database.ts'
import { findJob, insertJob, type JobRow, type NewJobRow } from '../db/jobs.ts'
import { reopenMerge } from '../db/merges.ts'
import { createLogger } from '../logger.ts'
import { insertChunk, insertJobs } from '../testing/chunk-log.ts'
import { createTestDatabase } from '../testing/create-database.ts'
import { createDataFolder } from '../testing/data-folder.ts'
import { agreed, type Said } from '../testing/votes.ts'
import { createMerger } from './merger.ts'

const failedTask = (offset: number): Said[] => [
  { offset, account: 1, replica: 0, failed: 'It trapped.' },
  { offset, account: 2, replica: 1, failed: 'It trapped.' },
]

async function start(changes: Partial<NewJobRow>, says: readonly Said[]) {
  const { database } = await createTestDatabase()
  await insertJobs(database, { taskCount: 4n, merged: { state: 'waiting' }, ...changes })
  await insertChunk(database, { jobId: 1n, lo: 0n }, says)
  await database.query(`update jobs set state = 'finished'`)
  const blobs = createFolderBlobs(await createDataFolder())
  const logged: string[] = []
  const create = () => createMerger({ database, blobs, now: Date.now, log: createLogger(line => logged.push(line)) })
  const job = async (id = 1n) => (await findJob(database, id)) as JobRow
  return { database, blobs, logged, create, job, tend: create().tend }
}

const four = (...outputs: string[]) => outputs.flatMap((output, offset) => agreed(offset, output))

/** What a job was merged to, as text. */
async function mergedText({ job, blobs }: Awaited<ReturnType<typeof start>>): Promise<string> {
  const { merged } = await job()
  if (merged?.state !== 'done') throw new Error(JSON.stringify(merged))
  const bytes = await blobs.get(merged.digest)
  expect(bytes).toHaveLength(merged.bytes)
  return `${bytes}`
}

const keptBlobs = async (database: Database, jobId: bigint) =>
  (
    await database.query<{ digest: string }>(
      `select encode(digest, 'hex') as digest from job_blobs where job_id = $1 order by digest`,
      [jobId],
    )
  ).rows.map(({ digest }) => digest)

describe('createMerger', () => {
  test.each<[Merge, string]>([
    [{ kind: 'sum' }, '10 100\n'],
    [{ kind: 'minimum' }, '1 10\n'],
    [{ kind: 'maximum' }, '4 40\n'],
    [{ kind: 'concatenate' }, '1 10\n2 20\n3 30\n4 40\n'],
  ])('default: %o', async (merge, expected) => {
    const started = await start({ merge }, four('1 10\n', '2 20\n', '3 30\n', '4 40\n'))
    await started.tend()
    expect(await mergedText(started)).toBe(expected)
    const { merged } = await started.job()
    expect(await keptBlobs(started.database, 1n)).toEqual(merged?.state === 'done' ? [merged.digest] : [])
    expect(started.logged).toEqual([])
  })

  test('behavior: a merged answer that no job needs is collected', async () => {
    const { database, blobs, tend } = await start({ merge: { kind: 'sum' } }, four('1', '2', '3', '4'))
    await tend()
    const collectLater = () => collectBlobs({ database, blobs, now: () => Date.now() + 48 * 3_600_000 })
    expect(await collectLater()).toBe(0)
    await database.query('delete from job_blobs')
    expect(await collectLater()).toBe(1)
  })

  test('behavior: nothing happens before all tasks have a verdict, or where nothing is to be merged', async () => {
    const started = await start({ merge: { kind: 'sum' } }, four('1', '2', '3', '4'))
    await started.database.query(`update jobs set state = 'active'`)
    await started.tend()
    expect((await started.job()).merged).toEqual({ state: 'waiting' })
    await started.database.query(`update jobs set state = 'finished', merge = '{"kind": "none"}', merged = null`)
    await started.tend()
    expect((await started.job()).merged).toBeUndefined()
  })

  test('behavior: a job whose log is behind its books is merged later', async () => {
    const started = await start({ merge: { kind: 'sum' } }, four('1', '2', '3'))
    await started.tend()
    expect((await started.job()).merged).toEqual({ state: 'waiting' })
    expect(started.logged.join()).toContain('Of 4 tasks, 3 have a verdict in the log.')
  })

  test('behavior: several servers at once come to one answer', async () => {
    const started = await start({ merge: { kind: 'concatenate' } }, four('a', 'b', 'c', 'd'))
    await Promise.all(Array.from({ length: 4 }, () => started.create().tend()))
    expect(await mergedText(started)).toBe('abcd')
    expect(started.logged).toEqual([])
  })

  test('behavior: while another server merges a job, this one does nothing; when that one is dead, it does', async () => {
    const started = await start({ merge: { kind: 'sum' } }, four('1', '2', '3', '4'))
    await started.database.session(async other => {
      await other.query(`select pg_advisory_lock(hashtextextended('tidemill merge 1', 0))`)
      await started.tend()
      expect((await started.job()).merged).toEqual({ state: 'waiting' })
    })
    await started.tend()
    expect(await mergedText(started)).toBe('10')
  })

  test('behavior: tasks that were run again, once or twice, fill the gaps', async () => {
    const says = [...agreed(0, '1'), ...failedTask(1), ...agreed(2, '3'), ...failedTask(3)]
    const started = await start({ merge: { kind: 'concatenate' } }, says)
    const { database } = started
    await started.tend()
    expect((await started.job()).merged).toEqual({
      state: 'failed',
      reason: '2 tasks failed. Run them again, and the outputs are merged then.',
    })
    const { id: _, state: __, ...row } = await started.job()
    const rerun = { ...row, emptySummary: [], merge: { kind: 'none' }, merged: undefined, rerunOf: 1n } as const
    await insertJob(database, { ...rerun, taskCount: 2n, selection: [1n, 3n] })
    await reopenMerge(database, 1n)
    await insertChunk(database, { jobId: 2n, lo: 0n }, [...agreed(0, '2'), ...failedTask(1)])
    await started.tend()
    expect((await started.job()).merged).toEqual({ state: 'waiting' })
    await database.query(`update jobs set state = 'finished'`)
    await started.tend()
    expect((await started.job()).merged).toMatchObject({
      state: 'failed',
      reason: expect.stringMatching(/^1 task failed/),
    })

    await insertJob(database, { ...rerun, rerunOf: 2n, taskCount: 1n, selection: [3n] })
    await reopenMerge(database, 2n)
    await insertChunk(database, { jobId: 3n, lo: 0n }, agreed(0, '4'))
    await started.tend()
    expect((await started.job()).merged).toEqual({ state: 'waiting' })
    await database.query(`update jobs set state = 'finished'`)
    await started.tend()
    expect(await mergedText(started)).toBe('1234')
  })

  test.each<[string, Merge, readonly Said[]]>([
    ['1 task failed.', { kind: 'sum' }, [...four('1', '2', '3'), ...failedTask(3)]],
    ['1 task failed.', { kind: 'concatenate' }, [...failedTask(0), ...four('1', '2', '3', '4').slice(2)]],
    ['Task 2 has 2 numbers and words where task 0 has 1.', { kind: 'sum' }, four('1', '2', '3 3', '4')],
    ['The output of task 0 has no numbers to put together.', { kind: 'minimum' }, four('', '2', '3', '4')],
  ])('error: %s', async (sentence, merge, says) => {
    const started = await start({ merge }, says)
    await started.tend()
    expect((await started.job()).merged).toMatchObject({ state: 'failed', reason: expect.stringContaining(sentence) })
    expect(await keptBlobs(started.database, 1n)).toEqual([])
  })
})

describe('createMerger with the poster’s own module', () => {
  /** A module that exports `_start`, which does nothing. */
  const command = Buffer.from(
    '0061736d01000000010401600000030201000503010001071302065f7374617274000006' + '6d656d6f727902000a040102000b',
    'hex',
  )

  async function begin() {
    const started = await start(
      { merge: { kind: 'kernel', digest: '0'.repeat(64) as Digest } },
      four('a', 'b', '', 'd'),
    )
    const module = await started.blobs.put(command)
    await started.database.query(`update jobs set merge = $1`, [JSON.stringify({ kind: 'kernel', digest: module })])
    return { ...started, module }
  }

  test('default: one task of a job of its own reads the outputs', async () => {
    const started = await begin()
    await Promise.all([started.tend(), started.create().tend()])
    const { merged } = await started.job()
    expect(merged).toEqual({ state: 'running', jobId: '2' })
    const merging = await started.job(2n)
    expect(merging).toMatchObject({ taskCount: 1n, chunkSize: 1, state: 'active', kernelId: 'program' })
    const { split } = merging.parameters as { split: { list: Digest } }
    const [file] = JSON.parse(`${await started.blobs.get(split.list)}`)
    expect(`${await started.blobs.get(file.digest)}`).toBe('abd')
    expect(await keptBlobs(started.database, 2n)).toEqual([started.module, split.list, file.digest].sort())

    await insertChunk(started.database, { jobId: 2n, lo: 0n }, agreed(0, 'merged'))
    await started.tend()
    expect((await started.job()).merged).toEqual(merged)
    await started.database.query(`update jobs set state = 'finished'`)
    await started.tend()
    expect(await mergedText(started)).toBe('merged')
    expect((await started.database.query('select from jobs')).rows).toHaveLength(2)
  })

  test('error: its task failed', async () => {
    const started = await begin()
    await started.tend()
    await insertChunk(started.database, { jobId: 2n, lo: 0n }, failedTask(0))
    await started.database.query(`update jobs set state = 'finished'`)
    await started.tend()
    expect((await started.job()).merged).toEqual({
      state: 'failed',
      reason: 'The task of job 2, which merges, failed: It trapped.',
    })
  })

  test('error: its job was canceled', async () => {
    const started = await begin()
    await started.tend()
    await started.database.query(`update jobs set state = 'canceled' where id = 2`)
    await started.tend()
    expect((await started.job()).merged).toMatchObject({ state: 'failed' })
  })

  test('error: the module is gone', async () => {
    const started = await begin()
    await started.blobs.delete(started.module)
    await started.tend()
    expect((await started.job()).merged).toEqual({
      state: 'failed',
      reason: 'The program is not stored any more. Send it once more.',
    })
  })
})
