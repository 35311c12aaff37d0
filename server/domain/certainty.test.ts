import { describe, expect, test } from 'vitest'
import { type Compare, defaultPolicy, type Policy } from '../../protocol/jobs.ts'
import { agreed, type Said, voteOf } from '../testing/votes.ts'
import { certaintyOf } from './certainty.ts'
import { foldTask } from './fold-log.ts'

function certainty(said: readonly Said[], policy: Policy = defaultPolicy): number {
  const { judgement, votes } = foldTask(said.map(voteOf), policy)
  if (judgement.state !== 'accepted' && judgement.state !== 'failed') throw new Error(`It is ${judgement.state}.`)
  return certaintyOf(judgement, votes, policy)
}

const vote = (account: number, credibility: number, output = 'right'): Said => ({
  offset: 0,
  account,
  replica: account,
  output,
  credibility,
})

describe('certaintyOf', () => {
  test('default: by the records of those who agree', () => {
    // Both are wrong with odds of 1 : 999 squared.
    expect(certainty(agreed(0, 'right'))).toBeCloseTo(1 - 1 / (999 ** 2 + 1), 12)
  })

  test('behavior: those who do not agree make it less', () => {
    const most = certainty([vote(1, 0.98), vote(2, 0.98), vote(3, 0.999)])
    const less = certainty([vote(1, 0.98), vote(2, 0.98), vote(3, 0.8, 'wrong')])
    expect(less).toBeLessThan(most)
    expect(less).toBeGreaterThan(0.99)
  })

  test('behavior: a program that fails is as certain', () => {
    const failed = [1, 2].map(account => ({ offset: 0, account, replica: account, failed: 'trap' }))
    expect(certainty(failed)).toBeGreaterThan(0.999)
  })

  test('behavior: with a tolerance, outputs that are near count as agreeing', () => {
    const compare: Compare = { kind: 'tolerance', elementType: 'float32', absolute: 0.1, relative: 0 }
    const policy = { ...defaultPolicy, compare }
    const of = (value: number): string => String.fromCharCode(...new Uint8Array(new Float32Array([value]).buffer))
    const said = [vote(1, 0.99, of(2)), vote(2, 0.99, of(2.03125))]
    expect(certainty(said, policy)).toBeCloseTo(1 - 1 / (99 ** 2 + 1), 12)
  })
})
