import { describe, expect, test } from 'vitest'
import type { JobId, LeaseToken, TaskId } from '../protocol/ids.ts'
import type { VolunteerState } from '../protocol/volunteer.ts'
import { progressLine } from './volunteer-progress.ts'

const state: VolunteerState = {
  phase: { kind: 'computing' },
  connection: { kind: 'online' },
  lanes: [
    {
      ...{ state: 'running', lease: 'x' as LeaseToken, taskId: '1-2' as TaskId, jobId: '1' as JobId, kernelId: 'k' },
      ...{ progress: 0.349, elapsedMs: 1200, credit: 3 },
    },
    { state: 'idle', reason: 'waitingForWork' },
  ],
  queued: 1,
  unreported: 0,
  session: { returned: 5, failed: 0 },
}

describe('progressLine', () => {
  test('default', () => {
    expect(progressLine(state, 12.7, 0)).toBe('12 s: 1 of 2 lanes at work (34 %), 1 ready, 5 returned')
  })

  test('behavior: says what is wrong, and when it tries again', () => {
    const offline = { ...state, unreported: 2, connection: { kind: 'offline', retryAt: 4500 } } as const
    expect(progressLine(offline, 1, 1000)).toBe(
      '1 s: 1 of 2 lanes at work (34 %), 1 ready, 5 returned, 2 to report, no answer from the server, next try in 4 s',
    )
  })
})
