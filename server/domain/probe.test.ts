import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defaultPolicy } from '../../protocol/jobs.ts'
import type { WeighedBallot } from './group-ballots.ts'
import { drawsProbe, isProbeTask, probeShare, revealsAt, reviewAccepted } from './probe.ts'

const says = (digest: string, credibility = 0.999): WeighedBallot => ({
  ballot: { kind: 'output', digest },
  credibility,
})
const review = (...votes: WeighedBallot[]) => reviewAccepted(votes, 'right', defaultPolicy).kind

describe('drawsProbe', () => {
  test('default: five leases in a hundred', () => {
    const drawn = Array.from({ length: 1000 }, (_, at) => drawsProbe(at / 1000)).filter(Boolean)
    expect(drawn.length).toBe(1000 * probeShare)
  })
})

describe('isProbeTask', () => {
  test('default: a sixteenth of all hashes, signed or not', () => {
    expect(Array.from({ length: 160 }, (_, hash) => isProbeTask(hash)).filter(Boolean)).toHaveLength(10)
    expect(isProbeTask(-16)).toBe(true)
    expect(isProbeTask(-15)).toBe(false)
  })

  test('behavior: its verdict is shown a day later', () => {
    expect(revealsAt(1000)).toBe(1000 + 86_400_000)
  })
})

describe('reviewAccepted', () => {
  test('default: a probe that agrees', () => {
    expect(review(says('right'), says('right'), says('right'))).toBe('upheld')
  })

  test('behavior: one that does not agree proves nothing yet', () => {
    expect(review(says('right'), says('right'), says('wrong'))).toBe('contested')
    expect(review(says('right', 0.8), says('right'), says('wrong', 0.8))).toBe('contested')
  })

  test('behavior: others decide who was wrong', () => {
    const first = [says('right'), says('right'), says('wrong')]
    expect(review(...first, says('right'), says('right'))).toBe('upheld')
    const late = [says('other'), says('other'), says('other'), says('other'), says('other'), says('other')]
    expect(reviewAccepted([says('right'), says('right'), ...late], 'right', defaultPolicy)).toEqual({
      kind: 'overturned',
      digest: 'other',
    })
  })

  test('behavior: where nothing is proven by maxReplicas nobody is blamed', () => {
    const split = Array.from({ length: 8 }, (_, at) => says(at % 2 === 0 ? 'right' : 'wrong'))
    expect(review(...split)).toBe('unclear')
  })

  test('behavior: one dissenter never prevails', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.5, max: 0.9999, noNaN: true }), fc.nat(7), (credibility, at) => {
        const votes = Array.from({ length: 8 }, () => says('right', 0.8)).with(at, says('wrong', credibility))
        expect(review(...votes)).not.toBe('overturned')
      }),
    )
  })
})
