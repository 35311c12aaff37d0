import { describe, expect, test } from 'vitest'
import { foldEstablishedShare, isFitPartner } from './fit-partner.ts'
import type { WeighedBallot } from './group-ballots.ts'

const says = (digest: string, credibility: number): WeighedBallot => ({
  ballot: { kind: 'output', digest },
  credibility,
})
const [newcomer, fair, established] = [0.8, 0.99, 0.998]
const common = (credibility: number) => ({ credibility, establishedShare: 0.9 })
const rare = (credibility: number) => ({ credibility, establishedShare: 0.1 })

describe('isFitPartner', () => {
  test('default: a newcomer’s result goes to an established account', () => {
    expect(isFitPartner([says('a', newcomer)], common(newcomer))).toBe(false)
    expect(isFitPartner([says('a', newcomer)], common(fair))).toBe(false)
    expect(isFitPartner([says('a', newcomer)], common(established))).toBe(true)
  })

  test('behavior: an established account’s result goes to anybody, and so does a fresh task', () => {
    expect(isFitPartner([says('a', established)], common(newcomer))).toBe(true)
    expect(isFitPartner([], common(newcomer))).toBe(true)
  })

  test('behavior: where answers differ an established account decides', () => {
    const split = [says('a', established), says('b', established)]
    expect(isFitPartner(split, common(fair))).toBe(false)
    expect(isFitPartner(split, common(established))).toBe(true)
  })

  test('behavior: while established accounts are rare, newcomers second each other', () => {
    expect(isFitPartner([says('a', newcomer)], rare(newcomer))).toBe(true)
    expect(isFitPartner([says('a', newcomer), says('b', newcomer)], rare(newcomer))).toBe(false)
    expect(isFitPartner([says('a', newcomer), says('b', newcomer)], rare(fair))).toBe(true)
  })
})

describe('foldEstablishedShare', () => {
  test('default: it follows who asks', () => {
    let share = 0
    for (let asked = 0; asked < 10_000; asked++) share = foldEstablishedShare(share, asked % 4 !== 0)
    expect(share).toBeCloseTo(0.75, 2)
  })
})
