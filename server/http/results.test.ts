import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js'
import { describe, expect, test } from 'vitest'
import { fromBase64Url } from '../../protocol/bytes.ts'
import { Problem } from '../../protocol/errors.ts'
import { JobOutputs, JobTasks } from '../../protocol/job-views.ts'
import { createFolderBlobs } from '../blobs/folder-blobs.ts'
import { insertChunk, insertJobs } from '../testing/chunk-log.ts'
import { createTestDatabase } from '../testing/create-database.ts'
import { startFinishedJob } from '../testing/finished-job.ts'
import { startTestServer } from '../testing/start-test-server.ts'
import { agreed, digestOf, returnedAt, type Said } from '../testing/votes.ts'

const failedTask = (offset: number): Said[] => [
  { offset, account: 1, replica: 0, failed: 'It trapped.' },
  { offset, account: 2, replica: 1, failed: 'It trapped.' },
]
const says = [
  [...agreed(0, 'zero\n'), ...failedTask(1), ...agreed(2, 'two, "quoted"\n'), ...agreed(3, 'with a \0 in it')],
  [...agreed(0, ''), ...failedTask(1)],
]

const get = async (server: { url: string }, path: string) => (await fetch(`${server.url}/api/jobs/1/${path}`)).text()

async function unzip(bytes: ArrayBuffer): Promise<Record<string, string>> {
  const zip = new ZipReader(new Uint8ArrayReader(new Uint8Array(bytes)), { strictness: 'strict', useWebWorkers: false })
  const files: Record<string, string> = {}
  for await (const entry of zip.getEntriesGenerator())
    if (!entry.directory)
      files[entry.filename] = Buffer.from(
        await entry.getData(new Uint8ArrayWriter(), { checkCrc32: true, checkOverlappingEntry: true }),
      ).toString()
  return files
}

describe('GET /api/jobs/:id/results.*', () => {
  test('default: outputs of a program as lines, as a table and as files', async () => {
    const server = await startFinishedJob({}, ...says)
    expect(
      (await get(server, 'results.ndjson'))
        .trimEnd()
        .split('\n')
        .map(line => JSON.parse(line)),
    ).toMatchObject([
      { task: '0', arguments: ['--from', '1'], digest: digestOf('zero\n'), text: 'zero\n' },
      { task: '2', arguments: ['--from', '21'], text: 'two, "quoted"\n' },
      { task: '3', base64url: Buffer.from('with a \0 in it').toString('base64url') },
      { task: '4', text: '' },
    ])
    expect((await get(server, 'results.csv')).split('\r\n')[2]).toBe(
      `2,${digestOf('two, "quoted"\n')},"two, ""quoted"""`,
    )
    const answer = await fetch(`${server.url}/api/jobs/1/results.zip`)
    expect(answer.headers.get('content-type')).toBe('application/zip')
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="job-1-results.zip"')
    const { 'manifest.json': manifest, ...outputs } = await unzip(await answer.arrayBuffer())
    expect(outputs).toEqual({
      'outputs/0.txt': 'zero\n',
      'outputs/2.txt': 'two, "quoted"\n',
      'outputs/3.bin': 'with a \0 in it',
      'outputs/4.txt': '',
    })
    expect(manifest).toBe(await get(server, 'manifest.json'))
    expect(JSON.parse(manifest as string)).toMatchObject({
      job: { id: '1', title: 'Count', kernelId: 'program', tasks: '6' },
      tasks: [
        { index: '0', state: 'accepted', path: 'outputs/0.txt', bytes: 5, digest: digestOf('zero\n') },
        { index: '1', state: 'failed', reason: 'It trapped.' },
        { index: '2', state: 'accepted' },
        { index: '3', state: 'accepted' },
        { index: '4', state: 'accepted' },
        { index: '5', state: 'failed' },
      ],
      counts: { accepted: '4', failed: '2', disputed: '0', missing: '0' },
    })
    expect(server.logged).toEqual([])
  })

  test('behavior: the same results are the same bytes', async () => {
    const server = await startFinishedJob({ merge: { kind: 'concatenate' } }, ...says)
    const zip = async () => Buffer.from(await (await fetch(`${server.url}/api/jobs/1/results.zip`)).arrayBuffer())
    expect((await zip()).equals(await zip())).toBe(true)
  })

  test('behavior: outputs of files are named after them', async () => {
    const server = await startFinishedJob({}, [...agreed(0, 'zero'), ...agreed(1, 'one')])
    const blobs = createFolderBlobs(`${server.dataFolder}/blobs`)
    const digest = await blobs.put(Buffer.from('a file'))
    const list = await blobs.put(
      Buffer.from(JSON.stringify(['in/a.png', 'in/b'].map(path => ({ path, digest, bytes: 6 })))),
    )
    await server.database.query('update jobs set task_count = 2, parameters = $1', [
      JSON.stringify({
        kind: 'wasi',
        split: { kind: 'files', list, count: '2' },
        arguments: ['{file}'],
        stdin: 'piece',
        shared: [],
      }),
    ])
    const { tasks } = JSON.parse(await get(server, 'manifest.json'))
    expect(tasks).toMatchObject([{ path: 'outputs/in/a.png.txt' }, { path: 'outputs/in/b.txt' }])
  })

  test('behavior: some are a day late, while the job runs', async () => {
    const day = 24 * 3_600_000
    let now = returnedAt + 60_000
    const { url: databaseUrl, database } = await createTestDatabase()
    await insertJobs(database, { taskCount: 200n })
    for (let lo = 0n; lo < 200n; lo += 4n)
      await insertChunk(
        database,
        { jobId: 1n, lo },
        [0, 1, 2, 3].flatMap(offset => agreed(offset, `${offset}`)),
      )
    const server = await startTestServer({ databaseUrl, isLocal: false, now: () => now })
    const counts = async () => JSON.parse(await get(server, 'manifest.json')).counts
    const { accepted, missing } = await counts()
    expect(Number(missing)).toBeGreaterThan(0)
    expect(Number(accepted) + Number(missing)).toBe(200)
    now += day + 60_000
    expect(await counts()).toMatchObject({ accepted: '200', missing: '0' })
  })

  test('error: a log that cannot be read cuts the download short, so that nobody takes it for whole', async () => {
    const server = await startFinishedJob({}, ...says)
    await server.database.query('update log set entries = $1 where lo = 4', [Buffer.alloc(7)])
    for (const file of ['results.ndjson', 'results.csv', 'results.zip', 'manifest.json'])
      await expect(get(server, file)).rejects.toThrow()
    expect(server.logged).toHaveLength(4)
    expect(server.logged[0]).toContain('A download was cut short')
  })

  test('error: a zip of more files than anybody wants', async () => {
    const server = await startFinishedJob({ taskCount: 1_000_001n }, ...says)
    const answer = await fetch(`${server.url}/api/jobs/1/results.zip`)
    expect(answer.status).toBe(400)
    expect(Problem.parse(await answer.json()).detail).toContain('Take results.ndjson.')
  })
})

describe('GET /api/jobs/:id/merged', () => {
  test('default: the merged answer', async () => {
    const server = await startFinishedJob({ merge: { kind: 'sum' }, taskCount: 2n }, [
      ...agreed(0, '1 2'),
      ...agreed(1, '3 4'),
    ])
    const waiting = await fetch(`${server.url}/api/jobs/1/merged`)
    expect(waiting.status).toBe(404)
    expect(Problem.parse(await waiting.json()).detail).toContain('not merged yet')
    await server.merge()
    const answer = await fetch(`${server.url}/api/jobs/1/merged`)
    expect(answer.headers.get('content-length')).toBe('3')
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="job-1-merged.txt"')
    expect(await answer.text()).toBe('4 6')
  })

  test.each([
    ['could not be merged. 2 tasks failed.', { kind: 'concatenate' } as const],
    ['has nothing to merge', undefined],
  ])('error: it %s', async (sentence, merge) => {
    const server = await startFinishedJob(merge ? { merge } : {}, ...says)
    await server.merge()
    const answer = await fetch(`${server.url}/api/jobs/1/merged`)
    expect(answer.status).toBe(404)
    expect(Problem.parse(await answer.json()).detail).toContain(sentence)
  })
})

describe('GET /api/jobs/:id/outputs and /tasks', () => {
  test('default: page by page, in the order of the tasks', async () => {
    const server = await startFinishedJob({}, ...says)
    const outputs = async (query: string) => JobOutputs.parse(JSON.parse(await get(server, `outputs?${query}`)))
    const first = await outputs('limit=3')
    expect(first.outputs.map(({ taskId }) => taskId)).toEqual(['1-0', '1-2', '1-3'])
    expect(first.outputs[0]).toEqual({
      taskId: '1-0',
      digest: digestOf('zero\n'),
      bytes: 5,
      head: Buffer.from('zero\n').toString('base64url'),
      isWhole: true,
    })
    expect(first.next).toBe('3')
    const rest = await outputs(`after=${first.next}`)
    expect(rest.outputs.map(({ taskId }) => taskId)).toEqual(['1-4'])
    expect(rest.next).toBeUndefined()
    const tasks = async (query: string) => JobTasks.parse(JSON.parse(await get(server, `tasks?${query}`)))
    expect(await tasks('state=failed&limit=1')).toEqual({
      tasks: [{ taskId: '1-1', state: 'failed', reason: 'It trapped.' }],
      next: '1',
    })
    expect((await tasks('state=failed&after=1')).tasks.map(({ taskId }) => taskId)).toEqual(['1-5'])
    expect(await tasks('state=disputed')).toEqual({ tasks: [] })
  })

  test('behavior: of a long output, its beginning', async () => {
    const server = await startFinishedJob({}, agreed(0, 'x'.repeat(100_000)))
    const { outputs } = JobOutputs.parse(JSON.parse(await get(server, 'outputs')))
    expect(outputs).toMatchObject([{ bytes: 100_000, isWhole: false }])
    expect(fromBase64Url(outputs[0]?.head ?? '')).toHaveLength(65_536)
  })

  test.each([
    ['1/outputs?limit=21', 400],
    ['1/outputs?limit=0', 400],
    ['1/outputs?after=x', 400],
    ['1/tasks', 400],
    ['1/tasks?state=accepted', 400],
    ['1/tasks?state=failed&limit=101', 400],
    ['99/outputs', 404],
    ['99/tasks?state=failed', 404],
    ['99/results.zip', 404],
    ['99/results.ndjson', 404],
    ['99/manifest.json', 404],
    ['99/merged', 404],
  ])('error: GET /api/jobs/%s is %i', async (path, status) => {
    const server = await startTestServer()
    const answer = await fetch(`${server.url}/api/jobs/${path}`)
    expect(answer.status).toBe(status)
    expect(Problem.parse(await answer.json()).status).toBe(status)
  })
})
