import { describe, expect, test } from 'vitest'
import { type Digest, sha256 } from '../protocol/digest.ts'
import { UnreachableError } from '../protocol/errors.ts'
import { packLines } from '../protocol/posting/pack-lines.ts'
import { ProgramParameters, programLimits, type SplitList } from '../protocol/program.ts'
import { encodeTaskInput, taskInputOf } from '../protocol/task-input.ts'
import type { BlobSource } from './blob-source.ts'
import { fetchAhead, resolveInput } from './resolve-input.ts'

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

/** Blobs that are at hand. */
async function holding(...all: readonly Uint8Array<ArrayBuffer>[]) {
  const blobs = new Map<Digest, Uint8Array<ArrayBuffer>>()
  for (const bytes of all) blobs.set(await sha256(bytes), bytes)
  const loaded: Digest[] = []
  const source: BlobSource = {
    async load(digest) {
      loaded.push(digest)
      const bytes = blobs.get(digest)
      if (bytes === undefined) throw new UnreachableError(`/api/blobs/${digest}`)
      return bytes.slice()
    },
  }
  return { digests: [...blobs.keys()], loaded, source }
}

interface Given {
  readonly kind?: 'wasi' | 'reactor'
  readonly split: ProgramParameters['split']
  readonly list?: SplitList
  readonly index?: bigint
  readonly arguments?: readonly string[]
  readonly stdin?: 'piece' | 'empty'
  readonly shared?: ProgramParameters['shared']
}

function inputOf({ kind = 'wasi', split, list, index = 0n, ...rest }: Given): Uint8Array<ArrayBuffer> {
  const parameters = ProgramParameters.parse({ kind, split, arguments: [], stdin: 'piece', shared: [], ...rest })
  return encodeTaskInput(taskInputOf(parameters, list, index))
}

async function commandOf(input: Uint8Array<ArrayBuffer>, source: BlobSource) {
  const resolved = await resolveInput('program', input, source)
  if (resolved.kind !== 'resolved' || resolved.input.kind !== 'command') throw new Error('A command was expected.')
  return resolved.input
}

async function packOf(text: string) {
  for await (const packed of packLines(new Blob([text]).stream(), { quoted: false, header: false }))
    if (packed.kind === 'pack') return packed
  throw new Error('The text has no lines.')
}

const range = { kind: 'range', from: '1', to: '100', size: '10' } as const

describe('resolveInput', () => {
  test('default: a file by its name and on standard input, and a shared one', async () => {
    const [one, other, shared] = [encode('one'), encode('other'), encode('{}')]
    const { digests, loaded, source } = await holding(one, other, shared)
    const files = [one, other].map((bytes, at) => ({
      path: `in/${at}.txt`,
      digest: digests[at] as Digest,
      bytes: bytes.length,
    }))
    const input = inputOf({
      split: { kind: 'files', list: digests[0] as Digest, count: '2' },
      list: { kind: 'files', files },
      index: 1n,
      arguments: ['--in', '{file}'],
      shared: [{ path: 'model.json', digest: digests[2] as Digest, bytes: 2 }],
    })
    const command = await commandOf(input, source)
    expect(command.arguments).toEqual(['--in', 'in/1.txt'])
    expect(decode(command.stdin)).toBe('other')
    expect(command.files.map(({ path, bytes }) => [path, decode(bytes)])).toEqual([
      ['model.json', '{}'],
      ['in/1.txt', 'other'],
    ])
    expect(loaded).toEqual([digests[2], digests[1]])
  })

  test('behavior: the bytes of a built-in kernel are its input', async () => {
    const { source } = await holding()
    const bytes = encode('not even JSON')
    expect(await resolveInput('collatz-records', bytes, source)).toEqual({
      kind: 'resolved',
      input: { kind: 'bytes', bytes },
    })
  })

  test('behavior: a line of a pack, with and without a header', async () => {
    const packed = await packOf('one\ntwo\n')
    const { digests, source } = await holding(packed.bytes)
    const list = {
      kind: 'lines',
      packs: [{ digest: digests[0] as Digest, bytes: packed.bytes.length, lines: 2 }],
    } as const
    const split = { kind: 'lines', list: digests[0] as Digest, count: '2' } as const
    expect(decode((await commandOf(inputOf({ split, list, index: 1n }), source)).stdin)).toBe('two\n')
    const headed = inputOf({ split: { ...split, header: 'number' }, list })
    expect(decode((await commandOf(headed, source)).stdin)).toBe('number\none\n')
    const reactor = await resolveInput('program', inputOf({ kind: 'reactor', split, list }), source)
    expect(reactor).toEqual({ kind: 'resolved', input: { kind: 'bytes', bytes: encode('one\n') } })
  })

  test('behavior: a range, and an empty standard input', async () => {
    const { source } = await holding()
    expect(decode((await commandOf(inputOf({ split: range, index: 1n }), source)).stdin)).toBe('11 20\n')
    expect((await commandOf(inputOf({ split: range, stdin: 'empty' }), source)).stdin).toHaveLength(0)
  })

  test('behavior: the seed is the digest of the input, so it is the same everywhere and differs between tasks', async () => {
    const { source } = await holding()
    const [one, other] = [inputOf({ split: range }), inputOf({ split: range, index: 1n })]
    const seeds = [await commandOf(one, source), await commandOf(one, source), await commandOf(other, source)]
    expect(seeds[0]?.seed).toEqual(seeds[1]?.seed)
    expect(Buffer.from(seeds[0]?.seed ?? []).toString('hex')).toBe(await sha256(one))
    expect(seeds[2]?.seed).not.toEqual(seeds[0]?.seed)
  })

  test.each(['', '{}', '[]', 'null', '{"index":"0","kind":"exe","arguments":[],"piece":{},"files":[]}', '\xff'])(
    'error: %j is none of this version',
    async text => {
      const { source } = await holding()
      expect(await resolveInput('program', encode(text), source)).toMatchObject({
        kind: 'unable',
        whose: 'device',
        reason: expect.stringContaining('none that this version knows'),
      })
    },
  )

  test('error: a pack without that line', async () => {
    const packed = await packOf('one\n')
    const { digests, source } = await holding(packed.bytes)
    const list = { kind: 'lines', packs: [{ digest: digests[0] as Digest, bytes: 1, lines: 5 }] } as const
    const split = { kind: 'lines', list: digests[0] as Digest, count: '5' } as const
    expect(await resolveInput('program', inputOf({ split, list, index: 4n }), source)).toEqual({
      kind: 'unable',
      whose: 'job',
      reason: 'The task’s input cannot be read: pack: expected a pack with a line 4.',
    })
  })

  test('error: more than a device takes is not even fetched', async () => {
    const { digests, loaded, source } = await holding(encode('x'))
    const files = [{ path: 'x', digest: digests[0] as Digest, bytes: programLimits.taskBytes + 1 }]
    const input = inputOf({
      split: { kind: 'files', list: digests[0] as Digest, count: '1' },
      list: { kind: 'files', files },
    })
    expect(await resolveInput('program', input, source)).toMatchObject({ kind: 'unable', whose: 'job' })
    await fetchAhead('program', input, source)
    expect(loaded).toEqual([])
  })

  test('error: a blob that cannot be had now is for the caller to try again', async () => {
    const { source } = await holding()
    const shared = [{ path: 'x', digest: 'ab'.repeat(32) as Digest, bytes: 1 }]
    const input = inputOf({ split: range, shared })
    await expect(resolveInput('program', input, source)).rejects.toThrow(UnreachableError)
    await fetchAhead('program', input, source)
  })
})

describe('fetchAhead', () => {
  test('default', async () => {
    const { digests, loaded, source } = await holding(encode('x'))
    await fetchAhead(
      'program',
      inputOf({ split: range, shared: [{ path: 'x', digest: digests[0] as Digest, bytes: 1 }] }),
      source,
    )
    await fetchAhead('collatz-records', encode('x'), source)
    expect(loaded).toEqual([digests[0]])
  })
})
