import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { findFiles, inTree } from './find-files.ts'
import { readJobFile } from './job-file.ts'

async function folderOf(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tidemill-job-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true })
    await writeFile(join(folder, name), text)
  }
  return folder
}

describe('readJobFile', () => {
  test('default: the job, and where its paths begin', async () => {
    const job = { title: 'x', program: 'a.wasm', input: { kind: 'range', from: 1, to: 2 } }
    const folder = await folderOf({ 'job.json': JSON.stringify(job) })
    const found = await readJobFile(join(folder, 'job.json'))
    expect(found.folder).toBe(folder)
    expect(found.job).toMatchObject({ title: 'x', program: 'a.wasm' })
  })

  test('error: what is not there, no file, no JSON, or no job', async () => {
    const folder = await folderOf({ 'broken.json': '{"title": ', 'empty.json': '{}' })
    await expect(readJobFile(join(folder, 'job.json'))).rejects.toThrow(/cannot be read: there is no such file\.$/)
    await expect(readJobFile(folder)).rejects.toThrow(/cannot be read: it is a folder\.$/)
    await expect(readJobFile(join(folder, 'broken.json'))).rejects.toThrow(/broken\.json is no JSON: /)
    await expect(readJobFile(join(folder, 'empty.json'))).rejects.toThrow(
      /is not as it should be:\n {2}title: expected string/,
    )
  })
})

describe('findFiles', () => {
  test('default: each file once, in the order of their paths', async () => {
    const folder = await folderOf({ 'data/b.txt': '', 'data/a.txt': '', 'data/deep/c.txt': '', 'data/d.bin': '' })
    const found = await findFiles(folder, ['data/b.txt', 'data/**/*.txt'])
    expect(found).toEqual(
      ['data/a.txt', 'data/b.txt', 'data/deep/c.txt'].map(path => ({ path, localPath: join(folder, path) })),
    )
  })

  test('error: a pattern that names no file, also where it names a folder', async () => {
    const folder = await folderOf({ 'data/a.txt': '' })
    await expect(findFiles(folder, ['*.csv'])).rejects.toThrow(/^"\*\.csv" names no file in /)
    await expect(findFiles(folder, ['data'])).rejects.toThrow(/^"data" names no file in /)
  })

  test('error: a file that lies above job.json', async () => {
    const folder = await folderOf({ 'job/job.json': '', 'a.txt': '' })
    await expect(findFiles(join(folder, 'job'), ['../a.txt'])).rejects.toThrow(/^\.\.\/a\.txt cannot be the path/)
    expect(inTree(folder, join(folder, 'a.txt')).path).toBe('a.txt')
  })
})
