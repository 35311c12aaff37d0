import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { foldStanding, noContribution } from './contribution.ts'
import type { Standing } from './task.ts'

const standing = fc.constantFrom<Standing>('waiting', 'accepted', 'rejected', 'unpaid')

describe('foldStanding', () => {
  test('default: a new vote is returned, and counts by what it came to', () => {
    expect(foldStanding(noContribution, undefined, 'waiting', 5)).toEqual({
      ...noContribution,
      returned: 1,
      changedAt: 5,
    })
    expect(foldStanding(noContribution, undefined, 'accepted', 5)).toMatchObject({ returned: 1, accepted: 1 })
  })

  test('behavior: another standing takes the place of the one before', () => {
    const accepted = foldStanding(noContribution, undefined, 'accepted', 5)
    expect(foldStanding(accepted, 'accepted', 'rejected', 4)).toEqual({
      ...noContribution,
      returned: 1,
      rejected: 1,
      changedAt: 5,
    })
  })

  test('behavior: whatever votes go through, the counts are those of their last standings', () => {
    fc.assert(
      fc.property(fc.array(fc.array(standing, { minLength: 1, maxLength: 5 }), { maxLength: 8 }), votes => {
        let contribution = noContribution
        for (const standings of votes)
          for (const [at, after] of standings.entries())
            contribution = foldStanding(contribution, standings[at - 1], after, at)
        const count = (wanted: Standing) => votes.filter(standings => standings.at(-1) === wanted).length
        expect(contribution).toMatchObject({
          returned: votes.length,
          accepted: count('accepted'),
          rejected: count('rejected'),
          unpaid: count('unpaid'),
        })
      }),
    )
  })
})
