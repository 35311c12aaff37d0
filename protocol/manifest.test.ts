import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Digest } from './digest.ts'
import type { JobId } from './ids.ts'
import { defaultPolicy } from './jobs.ts'
import {
  type ManifestHead,
  type ManifestPart,
  type ManifestTail,
  type ManifestTask,
  manifestEnd,
  manifestLine,
  manifestStart,
  readManifest,
} from './manifest.ts'

const digest = Digest.parse('ab'.repeat(32))

const head: ManifestHead = {
  format: 'tidemill-results',
  version: 1,
  job: {
    id: '7' as JobId,
    title: 'A “title”\nof two lines',
    kernelId: 'program',
    kernelDigest: digest,
    parameters: { tasks: [','] },
    policy: defaultPolicy,
    tasks: '9',
    createdAt: '2026-11-22T12:00:00.000Z',
  },
  merge: { kind: 'sum' },
  merged: { path: 'merged.txt', digest, bytes: 3 },
}
const tasks: ManifestTask[] = [
  { index: '0', state: 'accepted', path: 'outputs/ä.txt', digest, bytes: 5, certainty: 0.9999 },
  { index: '2', state: 'failed', reason: 'It trapped,\nand that was all.', certainty: 0.999 },
  { index: '3', state: 'disputed' },
]
const tail: ManifestTail = { counts: { accepted: '1', failed: '1', disputed: '1', missing: '6' } }

const write = (all: readonly ManifestTask[] = tasks): string =>
  manifestStart(head) + all.map((task, at) => manifestLine(task, at === 0)).join('') + manifestEnd(tail)

async function read(text: string, cuts: readonly number[] = []): Promise<ManifestPart[]> {
  const bytes = new TextEncoder().encode(text)
  const places = [0, ...cuts.map(cut => cut % bytes.length).sort((a, b) => a - b), bytes.length]
  async function* pieces() {
    for (const [at, place] of places.entries()) yield bytes.subarray(place, places[at + 1] ?? place)
  }
  const parts: ManifestPart[] = []
  for await (const part of readManifest(pieces())) parts.push(part)
  return parts
}

describe('readManifest', () => {
  test('default: what was written, however it comes in pieces', async () => {
    const expected = [{ kind: 'head', head }, ...tasks.map(task => ({ kind: 'task', task })), { kind: 'tail', tail }]
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat()), async cuts => {
        expect(await read(write(), cuts)).toEqual(expected)
      }),
    )
  })

  test('behavior: a manifest is one JSON document', () => {
    expect(JSON.parse(write())).toEqual({ ...head, tasks, ...tail })
    expect(JSON.parse(write([]))).toEqual({ ...head, tasks: [], ...tail })
  })

  test('behavior: one without tasks', async () => {
    expect(await read(write([]))).toEqual([
      { kind: 'head', head },
      { kind: 'tail', tail },
    ])
  })

  test.each([
    ['Line 1 of the manifest is not as Tidemill writes it.', JSON.stringify({ ...head, tasks, ...tail }, undefined, 2)],
    ['Line 1 of the manifest: version: ', write().replace('"version":1', '"version":2')],
    ['Line 2 of the manifest: digest: ', write().replace('ä.txt","digest":"ab', 'ä.txt","digest":"xy')],
    ['Line 3 of the manifest is not as Tidemill writes it.', write().replace('"failed"', 'failed')],
    ['Line 4 of the manifest has task 2, which is not in its place.', write().replace('"index":"3"', '"index":"2"')],
    ['Line 4 of the manifest has task 9, which is not in its place.', write().replace('"index":"3"', '"index":"9"')],
    ['The manifest ends too early.', write().split('\n').slice(0, 3).join('\n')],
    ['The manifest ends too early.', ''],
    ['The manifest goes on behind its end, in line 6.', `${write()}{}`],
  ])('error: %s', async (sentence, text) => {
    await expect(read(text)).rejects.toThrow(sentence)
  })
})
