import { packTar } from 'modern-tar'
import { describe, expect, test } from 'vitest'
import { registerDevice } from '../../server/testing/device.ts'
import { startTestServer } from '../../server/testing/start-test-server.ts'
import { createApiClient } from '../client.ts'
import type { Digest } from '../digest.ts'
import { FileList, LineList, ProgramParameters } from '../program.ts'
import { taskInputOf } from '../task-input.ts'
import { readPackLine } from './pack-lines.ts'
import { PostingError } from './posting-error.ts'
import { type ChosenInput, prepareSplit, type SplitProgress } from './prepare-split.ts'
import type { GivenFile } from './read-archive.ts'
import { createUploader } from './upload.ts'

async function start() {
  const server = await startTestServer()
  const device = await registerDevice(server.url)
  const api = createApiClient(server.url)
  const uploader = createUploader({ api, token: () => device.session.token })
  const read = (digest: Digest) => api.getBytes(`/api/blobs/${digest}`)
  return {
    uploader,
    read,
    readJson: async (digest: Digest): Promise<unknown> => JSON.parse(new TextDecoder().decode(await read(digest))),
    async readText(digest: Digest) {
      return new TextDecoder().decode(await read(digest))
    },
  }
}

const given = (path: string, text: string): GivenFile => ({
  path,
  bytes: text.length,
  stream: () => new Blob([text]).stream(),
})

const parametersOf = (split: ProgramParameters['split']) =>
  ProgramParameters.parse({ kind: 'wasi', split, arguments: [], stdin: 'piece', shared: [] })

describe('prepareSplit', () => {
  test('default: a table', async () => {
    const { uploader, read, readJson } = await start()
    const told: SplitProgress[] = []
    const records = Array.from({ length: 40_000 }, (_, index) => `${index},"${'x'.repeat(60)}\n"`)
    const file = new Blob([`id,text\n${records.join('\n')}\n`])
    const chosen: ChosenInput = { kind: 'lines', file, quoted: true, header: true }
    const { split, list } = await prepareSplit(chosen, { uploader, onProgress: step => told.push(step) })
    expect(split).toMatchObject({ kind: 'lines', count: '40000', header: 'id,text' })
    if (list.kind !== 'lines') throw new TypeError('A table has a list of lines.')
    expect(LineList.parse(await readJson(split.list))).toEqual(list.packs)
    expect(list.packs.length).toBeGreaterThan(2)
    const { piece } = taskInputOf(parametersOf(split), list, 39_999n)
    if (piece.kind !== 'line') throw new TypeError('A task of a table has a line.')
    expect(new TextDecoder().decode(readPackLine(await read(piece.pack), piece.line))).toBe(records[39_999])
    expect(told.at(-1)).toEqual({ tasks: 40_000, bytes: list.packs.reduce((sum, { bytes }) => sum + bytes, 0) })
  })

  test('behavior: files', async () => {
    const { uploader, readJson, readText } = await start()
    const files = Array.from({ length: 30 }, (_, index) => given(`folder/${index}`, `text ${index}`))
    const told: SplitProgress[] = []
    const { split, list } = await prepareSplit(
      { kind: 'files', files },
      { uploader, onProgress: step => told.push(step) },
    )
    expect(split).toMatchObject({ kind: 'files', count: '30' })
    if (list.kind !== 'files') throw new TypeError('Files have a list of files.')
    expect(FileList.parse(await readJson(split.list))).toEqual(list.files)
    expect(list.files.map(({ path }) => path)).toEqual(files.map(({ path }) => path))
    expect(await readText(list.files[7]?.digest as Digest)).toBe('text 7')
    expect(told.at(-1)?.bytes).toBe(files.reduce((sum, { bytes }) => sum + bytes, 0))
  })

  test('behavior: an archive', async () => {
    const { uploader, readText } = await start()
    const archive = await packTar([
      { header: { name: 'a', size: 4 }, body: 'tide' },
      { header: { name: 'b/c', size: 0 }, body: '' },
    ])
    const { list } = await prepareSplit({ kind: 'archive', file: new Blob([archive]) }, { uploader })
    if (list.kind !== 'files') throw new TypeError('An archive has a list of files.')
    expect(list.files).toMatchObject([
      { path: 'a', bytes: 4 },
      { path: 'b/c', bytes: 0 },
    ])
    expect(await readText(list.files[0]?.digest as Digest)).toBe('tide')
  })

  test.each([
    [{ kind: 'lines', file: new Blob(['']), quoted: false, header: false }, 'The file has no lines.'],
    [{ kind: 'lines', file: new Blob(['id\n']), quoted: true, header: true }, 'The file has a header, and no records'],
    [{ kind: 'files', files: [] }, 'There are no files in it.'],
    [{ kind: 'files', files: [given('a', ''), given('a', '')] }, 'There are two files a.'],
    [{ kind: 'files', files: [given('../a', '')] }, '"../a" cannot name a file of a job.'],
    [{ kind: 'archive', file: new Blob(['tide']) }, 'a zip, a tar or a tar.gz is expected'],
  ] satisfies [ChosenInput, string][])('error: %o', async (chosen, message) => {
    const { uploader } = await start()
    const failed = await prepareSplit(chosen, { uploader }).catch((error: unknown) => error)
    expect(failed).toBeInstanceOf(PostingError)
    expect((failed as Error).message).toContain(message)
  })

  test('error: a file that cannot be read ends it, and nothing goes on behind', async () => {
    const { uploader } = await start()
    let begun = 0
    const files = Array.from({ length: 100 }, (_, index) => ({
      ...given(`${index}`, 'x'),
      stream() {
        begun++
        if (index === 3) throw new Error('the disk is gone')
        return new Blob(['x']).stream()
      },
    }))
    await expect(prepareSplit({ kind: 'files', files }, { uploader })).rejects.toThrow('the disk is gone')
    expect(begun).toBeLessThan(20)
  })

  test('error: aborted', async () => {
    const { uploader } = await start()
    const aborter = new AbortController()
    const file = new Blob(['x\n'.repeat(2_000_000)])
    const preparing = prepareSplit(
      { kind: 'lines', file, quoted: false, header: false },
      { uploader, signal: aborter.signal, onProgress: () => aborter.abort(new Error('enough')) },
    )
    await expect(preparing).rejects.toThrow('enough')
  })
})
