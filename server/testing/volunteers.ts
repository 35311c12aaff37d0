import { expect, onTestFinished, vi } from 'vitest'
import { createNodeVolunteer } from '../../workers/node/node-volunteer.ts'
import type { Volunteer } from '../../workers/volunteer.ts'
import type { Acknowledged } from './invariants.ts'

const patience = { timeout: 60_000, interval: 50 }

/** Headless volunteers, each with a key and an account of its own, at work on the server. */
export async function startVolunteers(serverUrl: string, count: number): Promise<Volunteer[]> {
  const volunteers = Array.from({ length: count }, () => createNodeVolunteer({ serverUrl }))
  onTestFinished(() => {
    for (const volunteer of volunteers) volunteer.close()
  })
  await Promise.all(volunteers.map(volunteer => volunteer.start({ cores: 1, cpuPercent: 100 })))
  return volunteers
}

/** Results that the server has acknowledged, by account. */
export const acknowledgedTo = (volunteers: readonly Volunteer[]): Acknowledged =>
  new Map(
    volunteers.map(volunteer => {
      const { accountId, session } = volunteer.getState()
      return [`${accountId}`, session.returned]
    }),
  )

const returnedBy = (volunteers: readonly Volunteer[]): number =>
  volunteers.reduce((sum, volunteer) => sum + volunteer.getState().session.returned, 0)

/** Waits until so many more results have been acknowledged. */
export async function waitForMore(volunteers: readonly Volunteer[], results: number): Promise<void> {
  const before = returnedBy(volunteers)
  await vi.waitFor(() => expect(returnedBy(volunteers)).toBeGreaterThanOrEqual(before + results), patience)
}

/** What they waited for is back: they ask again at once. */
export function askAgain(volunteers: readonly Volunteer[]): void {
  for (const volunteer of volunteers) volunteer.retryNow()
}

/** Stops them, and waits until the server has all that they have computed. @returns what it has acknowledged */
export async function finishAll(volunteers: readonly Volunteer[]): Promise<Acknowledged> {
  await Promise.all(volunteers.map(volunteer => volunteer.stop()))
  await Promise.all(volunteers.map(volunteer => volunteer.reported()))
  return acknowledgedTo(volunteers)
}
