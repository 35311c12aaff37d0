import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { forfeited, isVested, splitEarnings, vestingMs, vestsAt } from './vesting.ts'

const earning = fc.record({ microCredits: fc.bigInt({ min: 0n, max: 10n ** 12n }), vestsAt: fc.nat(1000) })

describe('vestsAt', () => {
  test('default: a day; at once on a server for its operator alone', () => {
    expect(vestsAt(5, false)).toBe(5 + vestingMs)
    expect(vestsAt(5, true)).toBe(5)
  })
})

describe('forfeited', () => {
  test('default', () => {
    const earnings = [
      { microCredits: 3n, vestsAt: 10 },
      { microCredits: 4n, vestsAt: 11 },
    ]
    expect(forfeited(earnings, 10)).toBe(4n)
  })

  test('behavior: what is vested is never lost, and nothing is counted twice', () => {
    fc.assert(
      fc.property(fc.array(earning), fc.nat(1000), (earnings, now) => {
        const { vested, unvested } = splitEarnings(earnings, now)
        expect(vested.every(each => isVested(each, now))).toBe(true)
        const sum = (some: typeof earnings) => some.reduce((total, { microCredits }) => total + microCredits, 0n)
        expect(sum([...vested]) + forfeited(earnings, now)).toBe(sum(earnings))
        expect(unvested.length + vested.length).toBe(earnings.length)
        expect(forfeited(earnings, now + 1)).toBeLessThanOrEqual(forfeited(earnings, now))
      }),
    )
  })
})
