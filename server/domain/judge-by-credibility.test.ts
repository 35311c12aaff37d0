import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defaultPolicy, Policy } from '../../protocol/jobs.ts'
import type { WeighedBallot } from './group-ballots.ts'
import { judgeByCredibility } from './judge-by-credibility.ts'

const newcomer = 0.8
const established = 1 - 0.2 / 51
const thousand = 1 - 0.2 / 1000
const says = (digest: string, credibility: number): WeighedBallot => ({
  ballot: { kind: 'output', digest },
  credibility,
})
const fails = (reason: string, credibility: number): WeighedBallot => ({
  ballot: { kind: 'failed', reason },
  credibility,
})
const judge = (...votes: WeighedBallot[]) => judgeByCredibility(votes, defaultPolicy)
const accepted = (digest: string) => ({ state: 'accepted', digest })
const pending = { state: 'pending' }
const vote = fc.record({
  ballot: fc.oneof(
    fc.constantFrom('a', 'b', 'c').map(digest => ({ kind: 'output' as const, digest })),
    fc.constant({ kind: 'failed' as const, reason: 'trap' }),
  ),
  credibility: fc.double({ min: 0.5, max: 0.9999, noNaN: true }),
})

describe('judgeByCredibility', () => {
  test('default: two with a record, or a newcomer with an established one', () => {
    expect(judge(says('a', 0.98), says('a', 0.98))).toEqual(accepted('a'))
    expect(judge(says('a', newcomer), says('a', established))).toEqual(accepted('a'))
  })

  test('behavior: newcomers alone must be five', () => {
    const five = Array.from({ length: 5 }, () => says('a', newcomer))
    expect(judge(...five.slice(1))).toEqual(pending)
    expect(judge(...five)).toEqual(accepted('a'))
  })

  test('behavior: nobody is believed alone, however long the record', () => {
    expect(judge(says('a', 0.9999))).toEqual(pending)
  })

  test('behavior: two with a fair record do not outvote a newcomer; two with a long one settle a quarrel', () => {
    expect(judge(says('a', newcomer), says('b', established), says('b', established))).toEqual(pending)
    expect(judge(says('a', newcomer), says('b', thousand), says('b', thousand))).toEqual(accepted('b'))
  })

  test('behavior: the same failure of credible accounts is the code’s own', () => {
    expect(judge(fails('trap', established), fails('trap', established))).toEqual({ state: 'failed', reason: 'trap' })
    expect(judge(fails('trap', established), fails('stalled', established))).toEqual(pending)
  })

  test('behavior: without a decision by maxReplicas it is disputed', () => {
    const split = Array.from({ length: 8 }, (_, at) => says(at % 2 === 0 ? 'a' : 'b', established))
    expect(judge(...split.slice(1))).toEqual(pending)
    expect(judge(...split)).toEqual({ state: 'disputed' })
  })

  test('behavior: a low confidence makes it a plain quorum', () => {
    const plain = Policy.parse({ confidence: 0.9 })
    expect(judgeByCredibility([says('a', newcomer), says('a', newcomer)], plain)).toEqual(accepted('a'))
  })

  test('behavior: a verdict never changes, whatever comes later', () => {
    fc.assert(
      fc.property(fc.array(vote, { maxLength: 10 }), vote, (votes, later) => {
        const before = judge(...votes)
        if (before.state !== 'pending') expect(judge(...votes, later)).toEqual(before)
      }),
    )
  })

  test('behavior: an accepted digest was returned by at least minReplicas, within maxReplicas', () => {
    fc.assert(
      fc.property(fc.array(vote, { maxLength: 10 }), votes => {
        const verdict = judge(...votes)
        if (verdict.state === 'pending') expect(votes.length).toBeLessThan(defaultPolicy.maxReplicas)
        if (verdict.state !== 'accepted') return
        const agreeing = votes.filter(({ ballot }) => ballot.kind === 'output' && ballot.digest === verdict.digest)
        expect(agreeing.length).toBeGreaterThanOrEqual(defaultPolicy.minReplicas)
      }),
    )
  })

  test('behavior: within a tolerance the medoid is accepted', () => {
    const policy = Policy.parse({
      compare: { kind: 'tolerance', elementType: 'float32', absolute: 0.1, relative: 0 },
    })
    const bytes = (value: number) => new Uint8Array(new Float32Array([value]).buffer)
    const outputs = new Map([
      ['a', bytes(1)],
      ['b', bytes(1.05)],
    ])
    const votes = [says('b', established), says('a', established)]
    expect(judgeByCredibility(votes, policy, outputs)).toEqual(accepted('a'))
    expect(judgeByCredibility(votes.toReversed(), policy, outputs)).toEqual(accepted('a'))
  })
})

describe('Policy', () => {
  test('behavior: what was stored before there were more fields has their defaults', () => {
    expect(Policy.parse({ minReplicas: 3, maxReplicas: 6 })).toEqual({
      ...defaultPolicy,
      minReplicas: 3,
      maxReplicas: 6,
    })
  })
})
