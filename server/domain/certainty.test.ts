import { describe, expect, test } from 'vitest'
import { type Compare, defaultPolicy, type Policy } from '../../protocol/jobs.ts'
import { agreed, digestOf, type Said, voteOf } from '../testing/votes.ts'
import { certaintyOf } from './certainty.ts'
import { foldTask } from './fold-log.ts'

const certainty = (said: readonly Said[], policy: Policy = defaultPolicy) =>
  certaintyOf(foldTask(said.map(voteOf), policy), policy)

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
    const least = certainty([vote(1, 0.98), vote(2, 0.98), vote(3, 0.999)]) as number
    const less = certainty([vote(1, 0.98), vote(2, 0.98), vote(3, 0.8, 'wrong')]) as number
    expect(less).toBeLessThan(least)
    expect(less).toBeGreaterThan(0.99)
  })

  test('behavior: a program that fails is as certain', () => {
    const failed = [1, 2].map(account => ({ offset: 0, account, replica: account, failed: 'trap' }))
    expect(certainty(failed)).toBeGreaterThan(0.999)
  })

  test('behavior: nothing to be sure of', () => {
    expect(certainty([])).toBeUndefined()
    expect(certainty([vote(1, 0.9999)])).toBeUndefined()
    const all = Array.from({ length: 8 }, (_, account) => vote(account, 0.8, `${account}`))
    expect(foldTask(all.map(voteOf), defaultPolicy).judgement.state).toBe('disputed')
    expect(certainty(all)).toBeUndefined()
  })

  test('behavior: with a tolerance, outputs that are near count as agreeing', () => {
    const compare: Compare = { kind: 'tolerance', elementType: 'float32', absolute: 0.1, relative: 0 }
    const policy = { ...defaultPolicy, compare }
    const of = (value: number): string => String.fromCharCode(...new Uint8Array(new Float32Array([value]).buffer))
    const said = [vote(1, 0.99, of(2)), vote(2, 0.99, of(2.03125))]
    const task = foldTask(said.map(voteOf), policy)
    expect(task.judgement).toMatchObject({ state: 'accepted' })
    expect([digestOf(of(2)), digestOf(of(2.03125))]).toContain(
      task.judgement.state === 'accepted' && task.judgement.digest,
    )
    expect(certaintyOf(task, policy)).toBeCloseTo(1 - 1 / (99 ** 2 + 1), 12)
  })
})
