import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { foldCheck, newRecord } from './credibility.ts'
import { mayRegister, type Registration, registrationState, stateOfAccount } from './registration-limit.ts'

const day = 24 * 3_600_000
const many = (count: number, state: Registration['state'], at = 0): Registration[] =>
  Array.from({ length: count }, () => ({ at, state }))

describe('mayRegister', () => {
  test('default', () => {
    expect(mayRegister([], 0)).toEqual({ kind: 'allowed' })
    expect(mayRegister(many(31, 'new'), 1)).toEqual({ kind: 'allowed' })
    expect(mayRegister(many(32, 'new'), 1)).toEqual({ kind: 'refused', retryAfterMs: day - 1 })
  })

  test('behavior: accounts that proved themselves take no place', () => {
    expect(mayRegister(many(5000, 'proven'), 1)).toEqual({ kind: 'allowed' })
  })

  test('behavior: two that were found wrong close a small network for three days, not a large one', () => {
    expect(mayRegister(many(2, 'failed'), 1)).toEqual({ kind: 'refused', retryAfterMs: 3 * day - 1 })
    expect(mayRegister([...many(2, 'failed'), ...many(10, 'proven')], 1)).toEqual({ kind: 'allowed' })
  })

  test('behavior: whoever waits as long as told may register, and not a moment before', () => {
    const registration = fc.record({
      at: fc.nat(2 * day),
      state: fc.constantFrom<Registration['state'][]>('new', 'proven', 'failed'),
    })
    fc.assert(
      fc.property(fc.array(registration, { maxLength: 80 }), registrations => {
        const now = 2 * day
        const answer = mayRegister(registrations, now)
        if (answer.kind === 'allowed') return
        const later = now + answer.retryAfterMs
        expect(mayRegister(registrations, later)).toEqual({ kind: 'allowed' })
        expect(mayRegister(registrations, later - 1).kind).toBe('refused')
      }),
    )
  })
})

describe('registrationState', () => {
  test('default', () => {
    expect(registrationState(newRecord)).toBe('new')
    expect(registrationState({ ...newRecord, passed: 10 })).toBe('proven')
    expect(registrationState(foldCheck(newRecord, { kind: 'failed', at: 1 }))).toBe('failed')
  })
})

describe('stateOfAccount', () => {
  const proven = { ...newRecord, passed: 10 }
  const failed = foldCheck(proven, { kind: 'failed', at: 1 })

  test('default', () => {
    expect(stateOfAccount([])).toBe('new')
    expect(stateOfAccount([newRecord, proven])).toBe('proven')
    expect(stateOfAccount([proven, failed])).toBe('failed')
  })
})
