import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { LoggedVote, Report } from '../domain/task.ts'
import { failed, loggedVote, output, same } from '../testing/votes.ts'
import { decodeEntries, encodeBlock } from './entry-codec.ts'

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
const uint32 = fc.nat(2 ** 32 - 1)
const byte = fc.nat(255)
const report = fc.record({
  accountId: int64,
  deviceId: int64,
  network: int64,
  returnedAt: fc.double({ noNaN: true }),
  credibility: fc.double({ min: 0, max: 1, noNaN: true }),
})
const said = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map(output),
  byte.map(same),
  fc.string({ unit: 'grapheme', maxLength: 40 }).map(failed),
)
const vote = fc.record({ offset: uint32, replica: byte, elapsedMs: uint32, said })
const block = fc.tuple(report, fc.array(vote, { maxLength: 5 }))
const blocks = fc.array(block, { maxLength: 4 })

type Block = [Report, Omit<LoggedVote, 'report'>[]]
const complete = ([head, votes]: Block): LoggedVote[] => votes.map(one => ({ report: head, ...one }))
const encode = (all: Block[]) => Buffer.concat(all.map(one => encodeBlock(one[0], complete(one))))

describe('encodeBlock', () => {
  test('default: what is read is what was written', () => {
    fc.assert(
      fc.property(blocks, all => {
        expect([...decodeEntries(encode(all))]).toEqual(all.flatMap(complete))
      }),
    )
  })

  test('behavior: only of what it says, nothing of memory is left in it', () => {
    const votes = [loggedVote(1), loggedVote(1, failed('trap é')), loggedVote(1, same(0))]
    const [first] = votes as [LoggedVote]
    for (let again = 0; again < 5; again++) {
      Buffer.alloc(4096, again)
      expect(encodeBlock(first.report, votes)).toEqual(encodeBlock(first.report, votes))
    }
    expect(encodeBlock(first.report, votes)).toHaveLength(42 + 3 * 10 + (32 + 4 + 1) + (2 + 7) + 1)
  })
})

/** @returns 'read' or 'refused'; any other failure passes through */
function read(entries: Buffer): 'read' | 'refused' {
  try {
    for (const _ of decodeEntries(entries));
    return 'read'
  } catch (error) {
    if (error instanceof RangeError) return 'refused'
    throw error
  }
}

describe('decodeEntries', () => {
  test('default: an output is a view', () => {
    const entries = encodeBlock(loggedVote(1).report, [loggedVote(1, 'a')])
    const [first] = [...decodeEntries(entries)]
    expect(first?.said.kind === 'output' && first.said.output.buffer).toBe(entries.buffer)
  })

  test('error: bytes that end within a block', () => {
    fc.assert(
      fc.property(block, fc.nat(), (one, cut) => {
        const entries = encode([one])
        expect(read(entries.subarray(0, 1 + (cut % (entries.length - 1))))).toBe('refused')
      }),
    )
  })

  test('error: an unknown kind', () => {
    const entries = encodeBlock(loggedVote(1).report, [loggedVote(1, 'a')])
    entries.writeUInt8(3, 42 + 9)
    expect(() => [...decodeEntries(entries)]).toThrow(RangeError)
  })

  test('error: changed bytes are refused or read as something else, and it ends either way', () => {
    const changes = fc.array(fc.tuple(fc.nat(), byte), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(fc.array(block, { minLength: 1, maxLength: 3 }), changes, (all, changed) => {
        const entries = encode(all)
        for (const [at, to] of changed) entries.writeUInt8(to, at % entries.length)
        expect(['read', 'refused']).toContain(read(entries))
      }),
      { numRuns: 500 },
    )
  })

  test('error: any bytes at all are refused or read, and it ends either way', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 400 }), bytes => {
        expect(['read', 'refused']).toContain(read(Buffer.from(bytes)))
      }),
    )
  })
})
