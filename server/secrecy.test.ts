import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defaultPolicy } from '../protocol/jobs.ts'
import { foldTask } from './domain/fold-log.ts'
import { freshTask } from './domain/task.ts'
import { createSecrecy } from './secrecy.ts'
import { agreed, returnedAt, voteOf } from './testing/votes.ts'

const secret = Buffer.alloc(32, 7)
const secrecy = createSecrecy({ secret, isLocal: false })
const local = createSecrecy({ secret, isLocal: true })
const dayMs = 86_400_000

const accepted = foldTask(agreed(0, 'right').map(voteOf), defaultPolicy)
const acceptedAt = accepted.judgedAt as number

function firstOffset(isProbe: boolean): number {
  const ofChunk = secrecy.ofChunk(1n, 0n)
  let offset = 0
  while (ofChunk(offset) !== isProbe) offset++
  return offset
}

describe('createSecrecy', () => {
  test('default: about one task in sixteen may be a probe', () => {
    const ofChunk = secrecy.ofChunk(1n, 32_768n)
    const chosen = Array.from({ length: 32_768 }, (_, offset) => ofChunk(offset)).filter(Boolean).length
    // Six standard deviations around 2048.
    expect(Math.abs(chosen - 2048)).toBeLessThan(263)
  })

  test('behavior: the choice is the task’s, whatever chunk it is in and whoever asks', () => {
    const again = createSecrecy({ secret, isLocal: true })
    fc.assert(
      fc.property(fc.bigInt(1n, 1n << 40n), fc.bigInt(0n, 1n << 40n), fc.nat(40_000), (jobId, lo, offset) => {
        const isProbe = secrecy.isProbeTask(jobId, lo + BigInt(offset))
        expect(secrecy.ofChunk(jobId, lo)(offset)).toBe(isProbe)
        expect(again.isProbeTask(jobId, lo + BigInt(offset))).toBe(isProbe)
      }),
    )
  })

  test('behavior: other jobs, other pages and other secrets choose otherwise', () => {
    const choice = (of: (offset: number) => boolean) =>
      Array.from({ length: 4096 }, (_, offset) => Number(of(offset))).join('')
    const other = createSecrecy({ secret: Buffer.alloc(32, 8), isLocal: false })
    const choices = [
      secrecy.ofChunk(1n, 0n),
      secrecy.ofChunk(2n, 0n),
      secrecy.ofChunk(1n, 4096n),
      other.ofChunk(1n, 0n),
    ]
    expect(new Set(choices.map(choice)).size).toBe(4)
  })
})

describe('concealOf', () => {
  const seen = (offset: number, now: number, task = accepted) =>
    secrecy.concealOf({ jobId: 1n, lo: 0n, now, state: 'active' })({ offset, task })

  test('default: an accepted probe task looks like one that nobody has returned, for a day', () => {
    const offset = firstOffset(true)
    expect(seen(offset, acceptedAt + dayMs - 1)).toBe(freshTask)
    expect(seen(offset, acceptedAt + dayMs)).toBe(accepted)
  })

  test('behavior: while it is reviewed it stays hidden', () => {
    const contested = { ...accepted, isContested: true }
    expect(seen(firstOffset(true), acceptedAt + 2 * dayMs, contested)).toBe(freshTask)
  })

  test('behavior: other tasks, and those that were not accepted, show at once', () => {
    expect(seen(firstOffset(false), acceptedAt)).toBe(accepted)
    const failed = foldTask(
      [1, 2].map(account => voteOf({ offset: 0, account, replica: account, failed: 'trap' })),
      defaultPolicy,
    )
    expect(failed.judgement.state).toBe('failed')
    expect(seen(firstOffset(true), returnedAt, failed)).toBe(failed)
  })

  test('behavior: a job that is over hides nothing', () => {
    const folded = { offset: firstOffset(true), task: accepted }
    for (const state of ['finished', 'canceled'] as const)
      expect(secrecy.concealOf({ jobId: 1n, lo: 0n, now: acceptedAt, state })(folded)).toBe(accepted)
  })

  test('behavior: a local server hides nothing', () => {
    const folded = { offset: firstOffset(true), task: accepted }
    expect(local.concealOf({ jobId: 1n, lo: 0n, now: acceptedAt, state: 'active' })(folded)).toBe(accepted)
    expect(local.revealsAt(acceptedAt)).toBe(acceptedAt)
  })
})
