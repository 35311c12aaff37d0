import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TextReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openResultsPlace } from './results-place.ts'
import { UnpackError, unpackZip } from './unpack-zip.ts'

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tidemill-out-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

describe('openResultsPlace', () => {
  test('default: a folder that is empty, or not there', async () => {
    const folder = await temporaryFolder()
    expect(await openResultsPlace(folder)).toEqual({ kind: 'folder', path: folder })
    expect(await openResultsPlace(join(folder, 'new'))).toEqual({ kind: 'folder', path: join(folder, 'new') })
  })

  test('behavior: a .zip that is not there', async () => {
    const file = join(await temporaryFolder(), 'results.ZIP')
    expect(await openResultsPlace(file)).toEqual({ kind: 'file', path: file })
  })

  test('error: what is there already is never overwritten', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'results.zip'), '')
    await expect(openResultsPlace(folder)).rejects.toThrow(/is not empty: it has results\.zip\. Name a folder/)
    await expect(openResultsPlace(join(folder, 'results.zip'))).rejects.toThrow(
      /is there already\. Name another file\.$/,
    )
    await writeFile(join(folder, 'file'), '')
    await expect(openResultsPlace(join(folder, 'file'))).rejects.toThrow(/is no folder\./)
  })
})

describe('unpackZip', () => {
  const zipOf = async (folder: string, files: Record<string, string>): Promise<string> => {
    const writer = new ZipWriter(new Uint8ArrayWriter())
    for (const [name, text] of Object.entries(files)) await writer.add(name, new TextReader(text))
    const path = join(folder, 'a.zip')
    await writeFile(path, await writer.close())
    return path
  }

  test('default', async () => {
    const folder = await temporaryFolder()
    const zip = await zipOf(folder, { 'manifest.json': '{}', 'outputs/0': 'x'.repeat(200_000) })
    expect(await unpackZip(zip, join(folder, 'out'))).toBe(2)
    expect(await readFile(join(folder, 'out/manifest.json'), 'utf8')).toBe('{}')
    expect((await readFile(join(folder, 'out/outputs/0'), 'utf8')).length).toBe(200_000)
  })

  test('error: a path that leads out of the folder', async () => {
    const folder = await temporaryFolder()
    const zip = await zipOf(folder, { '../out.txt': 'x' })
    await mkdir(join(folder, 'out'))
    await expect(unpackZip(zip, join(folder, 'out'))).rejects.toThrow(UnpackError)
    expect(await readdir(folder)).toEqual(['a.zip', 'out'])
  })

  test('error: a file that is no zip, or is cut off', async () => {
    const folder = await temporaryFolder()
    const zip = await zipOf(folder, { 'outputs/0': 'x'.repeat(1000) })
    await writeFile(zip, (await readFile(zip)).subarray(0, -30))
    await expect(unpackZip(zip, join(folder, 'out'))).rejects.toThrow(/^.*a\.zip cannot be unpacked: /)
    await writeFile(zip, 'no zip')
    await expect(unpackZip(zip, join(folder, 'out'))).rejects.toThrow(/^.*a\.zip cannot be unpacked: /)
  })
})
