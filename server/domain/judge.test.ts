import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Ballot, judge } from './judge.ts'

const policy = { minReplicas: 2, maxReplicas: 4 }
const output = (digest: string): Ballot => ({ kind: 'output', digest })
const failed = (reason: string): Ballot => ({ kind: 'failed', reason })
const ballot = fc.oneof(fc.constantFrom('a', 'b', 'c').map(output), fc.constantFrom('trap', 'stalled').map(failed))

describe('judge', () => {
  test('default', () => {
    expect(judge([output('a'), output('a')], policy)).toEqual({ state: 'accepted', digest: 'a' })
  })

  test('behavior: one opinion is not enough', () => {
    expect(judge([output('a')], policy)).toEqual({ state: 'pending' })
  })

  test('behavior: a third opinion decides between two', () => {
    expect(judge([output('a'), output('b')], policy)).toEqual({ state: 'pending' })
    expect(judge([output('a'), output('b'), output('b')], policy)).toEqual({ state: 'accepted', digest: 'b' })
  })

  test('behavior: the same failure on two accounts is the code’s own', () => {
    expect(judge([failed('trap'), failed('trap')], policy)).toEqual({ state: 'failed', reason: 'trap' })
    expect(judge([failed('trap'), failed('stalled')], policy)).toEqual({ state: 'pending' })
  })

  test('behavior: an output never agrees with a failure that is called the same', () => {
    expect(judge([output('a'), failed('a')], policy)).toEqual({ state: 'pending' })
  })

  test('behavior: without agreement by maxReplicas it is disputed', () => {
    expect(judge([output('a'), output('b'), output('c'), output('d')], policy)).toEqual({ state: 'disputed' })
  })

  test('behavior: agreement on the last replica still counts', () => {
    expect(judge([output('a'), output('b'), output('c'), output('a')], policy)).toEqual({
      state: 'accepted',
      digest: 'a',
    })
  })

  test('behavior: a verdict never changes, whatever comes later', () => {
    fc.assert(
      fc.property(fc.array(ballot, { maxLength: 10 }), ballot, (ballots, later) => {
        const before = judge(ballots, policy)
        if (before.state !== 'pending') expect(judge([...ballots, later], policy)).toEqual(before)
      }),
    )
  })

  test('behavior: an accepted digest was returned by at least minReplicas', () => {
    fc.assert(
      fc.property(fc.array(ballot, { maxLength: 10 }), ballots => {
        const verdict = judge(ballots, policy)
        if (verdict.state !== 'accepted') return
        const agreeing = ballots.filter(vote => vote.kind === 'output' && vote.digest === verdict.digest)
        expect(agreeing.length).toBeGreaterThanOrEqual(policy.minReplicas)
      }),
    )
  })
})
