import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { groupBallots, groupError, saysAccepted, type WeighedBallot } from './group-ballots.ts'

const says = (digest: string, credibility = 0.8): WeighedBallot => ({ ballot: { kind: 'output', digest }, credibility })
const fails = (reason: string): WeighedBallot => ({ ballot: { kind: 'failed', reason }, credibility: 0.8 })
const exact = { kind: 'exact' } as const
const vote = fc.record({
  digest: fc.constantFrom('a', 'b', 'c'),
  credibility: fc.double({ min: 0.05, max: 0.95, noNaN: true }),
})

describe('groupBallots', () => {
  test('default', () => {
    const groups = groupBallots([says('a'), says('b'), says('a'), fails('a')], exact)
    expect(groups.map(({ ballot, members }) => [ballot.kind, members])).toEqual([
      ['output', 2],
      ['output', 1],
      ['failed', 1],
    ])
  })

  test('behavior: outputs within a tolerance are one answer', () => {
    const bytes = (value: number) => new Uint8Array(new Float64Array([value]).buffer)
    const compare = { kind: 'tolerance', elementType: 'float64', absolute: 0.1, relative: 0 } as const
    const outputs = new Map([
      ['a', bytes(1)],
      ['b', bytes(1.05)],
      ['c', bytes(2)],
    ])
    expect(groupBallots([says('a'), says('b'), says('c')], compare, outputs).map(({ members }) => members)).toEqual([
      2, 1,
    ])
    expect(saysAccepted(says('b').ballot, 'a', compare, outputs)).toBe(true)
    expect(saysAccepted(says('c').ballot, 'a', compare, outputs)).toBe(false)
    expect(saysAccepted(says('b').ballot, 'a', exact, outputs)).toBe(false)
  })
})

describe('groupError', () => {
  test('default: two newcomers who agree are wrong together with probability 1/17', () => {
    const groups = groupBallots([says('a'), says('a')], exact)
    expect(groupError(groups, groups[0] as (typeof groups)[number])).toBeCloseTo(1 / 17, 12)
  })

  test('behavior: it is Sarmenta’s formula', () => {
    fc.assert(
      fc.property(fc.array(vote, { minLength: 1, maxLength: 8 }), votes => {
        const digests = [...new Set(votes.map(({ digest }) => digest))]
        const product = (digest: string, of: (credibility: number) => number) =>
          votes.filter(each => each.digest === digest).reduce((all, { credibility }) => all * of(credibility), 1)
        const good = (digest: string) => product(digest, c => c)
        const bad = (digest: string) => product(digest, c => 1 - c)
        const othersBad = (digest: string) =>
          digests.filter(other => other !== digest).reduce((all, other) => all * bad(other), 1)
        const allBad = digests.reduce((all, digest) => all * bad(digest), 1)
        const total = digests.reduce((sum, digest) => sum + good(digest) * othersBad(digest), allBad)
        const groups = groupBallots(
          votes.map(({ digest, credibility }) => says(digest, credibility)),
          exact,
        )
        for (const [at, digest] of digests.entries()) {
          const error = groupError(groups, groups[at] as (typeof groups)[number])
          expect(error).toBeCloseTo(1 - (good(digest) * othersBad(digest)) / total, 9)
        }
      }),
    )
  })

  test('behavior: certainty and crowds lose nothing to rounding', () => {
    const many = groupBallots([...Array.from({ length: 500 }, () => says('a', 1)), says('b', 1), says('c', 0)], exact)
    const [first, second] = many as [(typeof many)[number], (typeof many)[number]]
    expect(groupError(many, first)).toBe(0)
    expect(groupError(many, second)).toBe(1)
    const few = groupBallots([says('a', 0.9999), says('a', 0.9999), says('a', 0.9999), says('a', 0.9999)], exact)
    expect(groupError(few, few[0] as (typeof few)[number])).toBeCloseTo(1e-16, 18)
  })
})
