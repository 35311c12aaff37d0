import { gzipSync } from 'node:zlib'
import { configure, Uint8ArrayReader, Uint8ArrayWriter, ZipWriter, type ZipWriterAddDataOptions } from '@zip.js/zip.js'
import { packTar, type TarEntry } from 'modern-tar'
import { describe, expect, test } from 'vitest'
import { type ArchiveLimits, readArchive } from './read-archive.ts'

configure({ useWebWorkers: false })

const encode = (text: string) => new TextEncoder().encode(text)

interface ZipFile extends ZipWriterAddDataOptions {
  readonly path: string
  readonly text?: string
}

async function zip(files: readonly ZipFile[]): Promise<Uint8Array<ArrayBuffer>> {
  const writer = new ZipWriter(new Uint8ArrayWriter())
  for (const { path, text = '', ...options } of files)
    await writer.add(path, path.endsWith('/') ? undefined : new Uint8ArrayReader(encode(text)), options)
  return new Uint8Array(await writer.close())
}

const tar = (files: readonly { path: string; text?: string; type?: TarEntry['header']['type'] }[]) =>
  packTar(
    files.map(({ path, text = '', type = 'file' }) => ({
      header: { name: path, size: encode(text).length, type, ...(type.endsWith('link') && { linkname: 'other' }) },
      body: text,
    })),
  )

async function read(archive: Uint8Array<ArrayBuffer>, limits?: ArchiveLimits): Promise<Record<string, string>> {
  const files: Record<string, string> = {}
  for await (const { path, bytes, stream } of readArchive(new Blob([archive]), limits)) {
    const text = await new Response(stream()).text()
    expect(encode(text).length).toBe(bytes)
    files[path] = text
  }
  return files
}

const files = [
  { path: 'a.txt', text: 'tide' },
  { path: 'folder/b.txt', text: 'mill '.repeat(100_000) },
  { path: 'folder/empty', text: '' },
  { path: 'ünï/ç.txt', text: 'é' },
]
const expected = Object.fromEntries(files.map(({ path, text }) => [path, text]))
const folder = { path: 'folder/', type: 'directory' } as const

describe('readArchive', () => {
  test('default', async () => {
    expect(await read(await zip([{ path: 'folder/' }, ...files]))).toEqual(expected)
    expect(await read(await tar([folder, ...files]))).toEqual(expected)
    expect(await read(new Uint8Array(gzipSync(await tar([folder, ...files]))))).toEqual(expected)
  })

  test('behavior: stored without compression, and names of any length', async () => {
    const long = `${'folder/'.repeat(40)}file.txt`
    expect(await read(await zip([{ path: long, text: 'tide', level: 0 }]))).toEqual({ [long]: 'tide' })
    expect(await read(await tar([{ path: long, text: 'tide' }]))).toEqual({ [long]: 'tide' })
  })

  test('behavior: files that are not read are passed by', async () => {
    for (const archive of [await zip(files), await tar(files)]) {
      const paths: string[] = []
      for await (const { path } of readArchive(new Blob([archive]))) paths.push(path)
      expect(paths).toEqual(files.map(({ path }) => path))
    }
  })

  test('behavior: ./ before names, and what macOS adds', async () => {
    const littered = ['./a', './folder/b', '.DS_Store', '__MACOSX/a', 'folder/._b'].map(path => ({ path, text: 'x' }))
    expect(Object.keys(await read(await tar(littered)))).toEqual(['a', 'folder/b'])
  })

  test.each(['../a', 'a/../b', '/etc/passwd', 'a\\b', 'C:\\a', 'a//b', 'a\nb', './../a'])(
    'error: %j is no path within an archive',
    async path => {
      const error = `The archive holds "${path}", which is no path within it.`
      await expect(tar([{ path, text: 'x' }]).then(read)).rejects.toThrow(error)
      await expect(zip([{ path, text: 'x' }]).then(read)).rejects.toThrow(error)
    },
  )

  test('error: links, devices, passwords', async () => {
    for (const type of ['link', 'symlink'] as const)
      await expect(tar([{ path: 'a', type }]).then(read)).rejects.toThrow(/^a is a link\./)
    await expect(zip([{ path: 'a', text: 'b', unixMode: 0o120777 }]).then(read)).rejects.toThrow(/^a is a link\./)
    await expect(tar([{ path: 'a', type: 'fifo' }]).then(read)).rejects.toThrow(/^a is no file\./)
    await expect(zip([{ path: 'a', text: 'b', password: 'x' }]).then(read)).rejects.toThrow(/^a is encrypted\./)
  })

  test('error: one name twice', async () => {
    const twice = ['a', './a'].map(path => ({ path, text: 'x' }))
    await expect(tar(twice).then(read)).rejects.toThrow('The archive holds a twice.')
    await expect(zip(twice).then(read)).rejects.toThrow('The archive holds a twice.')
  })

  test('error: too many files, too many bytes', async () => {
    for (const make of [zip, tar]) {
      const archive = await make(files)
      await expect(read(archive, { files: 3, bytes: 1e9 })).rejects.toThrow('The archive holds more than 3 files.')
      await expect(read(archive, { files: 9, bytes: 1000 })).rejects.toThrow(/rchive unpacks to more than 1000 bytes\./)
    }
  })

  test('error: a small archive that unpacks without an end', async () => {
    const bomb = new Uint8Array(gzipSync(await tar([{ path: 'a', text: '\0'.repeat(64 << 20) }])))
    expect(bomb.length).toBeLessThan(100_000)
    await expect(read(bomb, { files: 1, bytes: 1 << 20 })).rejects.toThrow(/^With a, the archive unpacks to more/)
    // Entries that are no files count too.
    const folders = Array.from({ length: 5000 }, (_, index) => ({ path: `${index}/`, type: 'directory' }) as const)
    const many = new Uint8Array(gzipSync(await tar(folders)))
    await expect(read(many, { files: 1, bytes: 1 << 20 })).rejects.toThrow('The archive unpacks to more than')
  })

  test('error: a zip that says less than it holds is stopped', async () => {
    const archive = await zip([{ path: 'a', text: 'x'.repeat(4 << 20) }])
    const view = new DataView(archive.buffer)
    // Uncompressed sizes of the local header and of the directory.
    for (let at = 0; at < archive.length - 4; at++) {
      if (view.getUint32(at, true) === 0x04034b50) view.setUint32(at + 22, 10, true)
      if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, 10, true)
    }
    await expect(read(archive)).rejects.toThrow(/^a (has not the 10 bytes|is damaged)/)
  })

  test('error: bytes that went bad', async () => {
    const archive = await zip([{ path: 'a', text: 'tide', level: 0 }])
    archive[archive.findIndex((byte, at) => byte === 0x74 && archive[at + 1] === 0x69)] = 0x54
    await expect(read(archive)).rejects.toThrow(/^a is damaged/)
    const cut = (await tar(files)).slice(0, 2000)
    await expect(read(cut)).rejects.toThrow(/^folder\/b\.txt is damaged/)
    const gz = gzipSync(await tar(files))
    await expect(read(new Uint8Array(gz.subarray(0, gz.length / 2)))).rejects.toThrow(/is damaged/)
  })

  test('error: what is no archive', async () => {
    for (const text of ['', 'tide', 'x'.repeat(600)])
      await expect(read(encode(text))).rejects.toThrow('a zip, a tar or a tar.gz is expected')
  })
})
