import { describe, expect, test } from 'vitest'
import type { Job } from '../../protocol/jobs.ts'
import { isOver, runningJobs } from './shown-jobs.ts'

const job = (id: string, state: Job['state'], posterId?: string) =>
  ({ id, state, ...(posterId !== undefined && { posterId }) }) as Job

describe('runningJobs', () => {
  test('default', () => {
    const jobs = [
      job('1', 'active'),
      job('2', 'finished'),
      job('3', 'active', '7'),
      job('4', 'paused', '7'),
      job('5', 'active', '8'),
      job('6', 'active'),
    ]
    expect(runningJobs(jobs).map(({ id }) => id)).toEqual(['1', '6', '5', '3'])
  })
})

describe('isOver', () => {
  test('default', () => {
    const states = ['active', 'paused', 'outOfBudget', 'overdue', 'canceled', 'finished'] as const
    expect(states.filter(state => isOver({ state }))).toEqual(['canceled', 'finished'])
  })
})
