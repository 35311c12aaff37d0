import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js'
import { describe, expect, test } from 'vitest'
import type { Merge } from '../../protocol/jobs.ts'
import { createDataFolder } from '../../server/testing/data-folder.ts'
import { startFinishedJob } from '../../server/testing/finished-job.ts'
import { agreed, type Said } from '../../server/testing/votes.ts'
import { compareReceipts } from './compare-receipts.ts'
import { verifyResults } from './verify-results.ts'

const six = [
  [...agreed(0, '1\n'), ...agreed(1, '2\n'), ...agreed(2, '3\n'), ...agreed(3, '4\n')],
  [...agreed(0, '5\n'), ...agreed(1, '6\n')],
]
const failedTask = (offset: number): Said[] => [
  { offset, account: 1, replica: 0, failed: 'It trapped.' },
  { offset, account: 2, replica: 1, failed: 'It trapped.' },
]

async function download(merge: Merge = { kind: 'sum' }, says: readonly (readonly Said[])[] = six) {
  const server = await startFinishedJob({ merge }, ...says)
  await server.merge()
  const zip = new Uint8Array(await (await fetch(`${server.url}/api/jobs/1/results.zip`)).arrayBuffer())
  const path = join(await createDataFolder(), 'results.zip')
  const verify = async (bytes: Uint8Array = zip) => {
    await writeFile(path, bytes)
    return verifyResults(path)
  }
  return { server, zip, path, verify }
}

/** Packs files as somebody else would. */
async function pack(files: Readonly<Record<string, Uint8Array>>, level = 6): Promise<Uint8Array> {
  const zip = new ZipWriter(new Uint8ArrayWriter(), { useWebWorkers: false, level })
  for (const [name, bytes] of Object.entries(files)) await zip.add(name, new Uint8ArrayReader(bytes))
  return zip.close()
}

describe('verifyResults', () => {
  test.each(['sum', 'minimum', 'maximum', 'concatenate'] as const)(
    'default: results with their %s are whole',
    async kind => {
      const { verify } = await download({ kind })
      const { isWhole, notes, problems } = await verify()
      expect(problems).toEqual([])
      expect(isWhole).toBe(true)
      expect(notes).toContain(`merged.txt is what the outputs come to (${kind}): it was made again from them.`)
      expect(notes).toContain('7 of 7 files are as manifest.json says, by length and SHA-256.')
    },
  )

  test('behavior: any changed byte is found', async () => {
    const { zip, verify } = await download()
    // Every fifth, of headers, files, directory and end.
    for (let at = 0; at < zip.length; at += 5) {
      const changed = zip.slice()
      changed[at] = (changed[at] as number) ^ (1 << (at % 8))
      const { isWhole, problems } = await verify(changed)
      expect({ at, isWhole }).toEqual({ at, isWhole: false })
      expect(problems.length).toBeGreaterThan(0)
    }
  })

  test('behavior: what was cut off or added is found', async () => {
    const { zip, verify } = await download()
    for (const length of [0, 1, 100, zip.length - 100, zip.length - 1])
      expect((await verify(zip.slice(0, length))).isWhole).toBe(false)
    expect((await verify(Buffer.concat([zip, Buffer.from('x')]))).isWhole).toBe(false)
    expect((await verify(Buffer.concat([Buffer.from('x'), zip]))).isWhole).toBe(false)
  })

  test('behavior: a changed output is named', async () => {
    const { zip, verify } = await download()
    const at = Buffer.from(zip).indexOf('outputs/3.txt') + 'outputs/3.txt'.length
    const changed = zip.slice()
    changed[at] = '9'.charCodeAt(0)
    const { problems, notes } = await verify(changed)
    expect(problems).toEqual([expect.stringMatching(/^outputs\/3\.txt has the SHA-256 /)])
    expect(notes).toContain(
      'merged.txt could not be made again from the outputs. The output of task 3 is not as it should be.',
    )
  })

  test('behavior: tasks without an output are accounted for', async () => {
    const { verify } = await download({ kind: 'sum' }, [[...agreed(0, '1'), ...failedTask(1), ...agreed(3, '4')], []])
    const { isWhole, notes } = await verify()
    expect(isWhole).toBe(true)
    expect(notes.join('\n')).toContain('3 tasks are not accounted for')
    expect(notes).toContain('1 task failed. Task 1 failed: It trapped.')
    expect(notes).toContain('There is no merged answer in it.')
  })

  test('behavior: outputs can be compared with the public receipts', async () => {
    const { server, path, verify } = await download()
    expect((await verify()).isWhole).toBe(true)
    const compare = compareReceipts({ serverUrl: server.url, isAll: false })
    const { notes, problems } = await verifyResults(path, compare)
    expect(problems).toEqual([])
    expect(notes.at(-1)).toBe(`6 of 6 outputs were compared with their receipts at ${server.url}.`)
    await server.database.query('delete from log where lo = 4')
    expect((await verifyResults(path, compare)).problems).toEqual([
      'outputs/4.txt: the receipt of task 1-4 says pending.',
      'outputs/5.txt: the receipt of task 1-5 says pending.',
    ])
  })

  test('behavior: what somebody packed anew says what its files are', async () => {
    const { server, verify } = await download()
    const manifest = new Uint8Array(await (await fetch(`${server.url}/api/jobs/1/manifest.json`)).arrayBuffer())
    const text = (value: string) => new TextEncoder().encode(value)
    const anew = await pack({
      'outputs/0.txt': text('1\n'),
      'outputs/1.txt': text('two'),
      'outputs/2.txt': text('x'.repeat(1 << 20)),
      'outputs/3.txt': text('4\n'),
      'outputs/9.txt': text('extra'),
      '../outside.txt': text('5\n'),
      'manifest.json': manifest,
    })
    const { problems } = await verify(anew)
    expect(problems).toEqual([
      expect.stringContaining('The zip itself was changed: the header of "outputs/0.txt"'),
      'outputs/1.txt has 3 bytes, and should have 2.',
      'outputs/2.txt has 1048576 bytes, and should have 2.',
      'outputs/9.txt is not in manifest.json: it is no result of this job.',
      'The zip has a file named "../outside.txt", which leads out of its folder. Do not unpack it.',
      'outputs/4.txt is missing.',
      'outputs/5.txt is missing.',
      'merged.txt is missing.',
    ])
  })

  test.each<[string, Readonly<Record<string, Uint8Array>>, string]>([
    ['no manifest', { 'a.txt': Buffer.from('a') }, 'The zip has no manifest.json'],
    [
      'a manifest that is none',
      { 'manifest.json': Buffer.from('{}') },
      'Line 1 of the manifest is not as Tidemill writes it',
    ],
    ['a manifest that is no text', { 'manifest.json': Buffer.of(0xff, 0xff) }, 'The manifest is no UTF-8 text'],
    ['a manifest without an end to its line', { 'manifest.json': Buffer.alloc(33 << 20, ' ') }, 'a line of more than'],
  ])('error: %s', async (_, files, sentence) => {
    const path = join(await createDataFolder(), 'results.zip')
    await writeFile(path, await pack(files))
    const { isWhole, problems } = await verifyResults(path)
    expect(isWhole).toBe(false)
    expect(problems.join()).toContain(sentence)
  })

  test('error: no zip, no file, a folder', async () => {
    const folder = await createDataFolder()
    await writeFile(join(folder, 'no.zip'), 'This is no zip.')
    expect((await verifyResults(join(folder, 'no.zip'))).problems.join()).toContain('is no zip')
    expect((await verifyResults(join(folder, 'gone.zip'))).problems.join()).toContain('cannot be read')
    expect((await verifyResults(folder)).problems.join()).toContain('is no file')
  })
})
