import { describe, expect, test } from 'vitest'
import { Policy } from '../../protocol/jobs.ts'
import { emptyDraft, type TermsDraft } from './draft.ts'
import { readTerms } from './price.ts'

const now = new Date('2026-11-22T12:00:00Z')
const read = (change: Partial<TermsDraft> = {}, left?: number) =>
  readTerms(
    { ...emptyDraft.terms, ...change },
    { tasks: 10n, creditPerTask: 0.5, compare: { kind: 'exact' }, left, now },
  )
const kinds = (change: Partial<TermsDraft>, left?: number) => read(change, left).gaps.map(({ kind }) => kind)

describe('readTerms', () => {
  test('default', () => {
    const { policy, price, deadline, gaps } = read()
    expect(Policy.parse(policy)).toEqual({
      confidence: 0.999,
      minReplicas: 2,
      maxReplicas: 8,
      compare: { kind: 'exact' },
    })
    expect(price).toEqual({ tasks: 10n, replicas: 2, creditPerTask: 0.5, cost: 10, budget: 25 })
    expect(deadline).toBeUndefined()
    expect(gaps).toEqual([])
  })

  test('behavior: enough is never more than what is left, nor than all replicas together', () => {
    expect(read({}, 15).price.budget).toBe(15)
    expect(read({ minReplicas: '3', maxReplicas: '3' }).price).toMatchObject({ replicas: 3, cost: 15, budget: 15 })
  })

  test('behavior: what is typed counts, and says what is wrong with it', () => {
    expect(read({ budget: '12.5' }).price.budget).toBe(12.5)
    expect(kinds({ budget: '9' })).toEqual(['budgetLow'])
    expect(kinds({ budget: 'much' })).toEqual(['budget'])
    expect(kinds({ budget: '-1' })).toEqual(['budget'])
  })

  test('behavior: a job that costs more than is left says so', () => {
    expect(kinds({}, 9)).toEqual(['overAllowance'])
    expect(kinds({ budget: '16' }, 15)).toEqual(['overAllowance'])
  })

  test('error: replicas, a deadline and a merge that cannot be', () => {
    expect(kinds({ minReplicas: '0' })).toEqual(['minReplicas'])
    expect(kinds({ minReplicas: 'x', maxReplicas: '17' })).toEqual(['minReplicas', 'maxReplicas'])
    expect(kinds({ minReplicas: '5', maxReplicas: '4' })).toEqual(['replicaOrder'])
    expect(kinds({ deadline: '2026-11-20T10:00' })).toEqual(['deadlinePast'])
    expect(kinds({ deadline: 'soon' })).toEqual(['deadline'])
    expect(kinds({ merge: 'kernel' })).toEqual(['mergeModule'])
    expect(kinds({ deadline: '2026-12-20T10:00' })).toEqual([])
  })
})
