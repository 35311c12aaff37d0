import { describe, expect, test } from 'vitest'
import type { JobId, LeaseToken, TaskId } from '../../protocol/ids.ts'
import type { Lane, VolunteerPhase, VolunteerState } from '../../protocol/volunteer.ts'
import { activityOf, isActive } from './activity.ts'

const running: Lane = {
  state: 'running',
  lease: 'lease' as LeaseToken,
  taskId: '1-0' as TaskId,
  jobId: '1' as JobId,
  kernelId: 'collatz-records',
  progress: 0.5,
  elapsedMs: 100,
  credit: 1,
}
const idle = (reason: 'waitingForWork' | 'paused'): Lane => ({ state: 'idle', reason })
const view = (phase: VolunteerPhase, lanes: Lane[]) => {
  const state: VolunteerState = {
    phase,
    lanes,
    connection: { kind: 'online' },
    queued: 0,
    unreported: 0,
    session: { returned: 0, failed: 0 },
  }
  return { kind: 'present', state } as const
}

describe('activityOf', () => {
  test('default', () => {
    expect(activityOf(view({ kind: 'computing' }, [running, idle('waitingForWork')]))).toEqual({
      kind: 'computing',
      cores: 1,
    })
    expect(activityOf({ kind: 'absent' })).toEqual({ kind: 'absent' })
  })
  test('behavior: granted cores without work wait', () => {
    expect(activityOf(view({ kind: 'computing' }, [idle('waitingForWork')]))).toEqual({ kind: 'waiting' })
  })
  test('behavior: another tab may compute or be paused', () => {
    expect(activityOf(view({ kind: 'elsewhere' }, [running]))).toEqual({ kind: 'elsewhere', cores: 1, isPaused: false })
    expect(activityOf(view({ kind: 'elsewhere' }, [idle('paused')]))).toMatchObject({ isPaused: true })
  })
})

describe('isActive', () => {
  test('default', () => {
    expect(isActive(activityOf(view({ kind: 'computing' }, [running])))).toBe(true)
    expect(isActive(activityOf(view({ kind: 'elsewhere' }, [running])))).toBe(true)
  })
  test('behavior: what is paused, stopped or unable is not', () => {
    expect(isActive(activityOf(view({ kind: 'paused' }, [idle('paused')])))).toBe(false)
    expect(isActive(activityOf(view({ kind: 'elsewhere' }, [idle('paused')])))).toBe(false)
    expect(isActive(activityOf(view({ kind: 'unable', reason: 'No key.' }, [])))).toBe(false)
  })
})
