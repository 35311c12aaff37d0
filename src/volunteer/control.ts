import { getPreferences, setPreferences, subscribePreferences } from '../preferences/preferences.ts'
import { deviceCores, type Preferences } from '../preferences/schema.ts'
import { getConditions, subscribeConditions } from './conditions.ts'
import { connectVolunteer, getVolunteer, subscribeVolunteer } from './connect.ts'
import { type HoldReason, holdReason } from './hold.ts'

const listeners = new Set<() => void>()
/** Why this page, not the person, paused. */
let held: HoldReason | undefined
/** What the person overrode by pressing Resume; counts again once it has gone away. */
let overridden: HoldReason | undefined

export const getHeld = (): HoldReason | undefined => held

export function subscribeHeld(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function setHeld(reason: HoldReason | undefined): void {
  held = reason
  for (const listener of listeners) listener()
}

const grantedBy = ({ cores, cpuPercent }: Preferences) => ({ cores: Math.min(cores, deviceCores), cpuPercent })

/** Begins, or goes on. Only a click leads here: on the consent sheet, on Start or on Resume. */
export async function startVolunteer(): Promise<void> {
  overridden = holdReason(getPreferences(), getConditions())
  setHeld(undefined)
  const volunteer = await connectVolunteer()
  await volunteer.start(grantedBy(getPreferences()))
}

export async function pauseVolunteer(): Promise<void> {
  setHeld(undefined)
  await (await connectVolunteer()).pause()
}

export async function stopVolunteer(): Promise<void> {
  setHeld(undefined)
  await (await connectVolunteer()).stop()
}

/** Keeps the person's choice, and applies it to lanes that run. */
export async function grant(change: Partial<Pick<Preferences, 'cores' | 'cpuPercent'>>): Promise<void> {
  setPreferences(change)
  if (getVolunteer().kind === 'present') await (await connectVolunteer()).configure(grantedBy(getPreferences()))
}

/** Remembers the agreement. Without it nothing here ever starts. */
export const agree = (): void => setPreferences({ consentedAt: new Date().toISOString() })

async function keep(): Promise<void> {
  const reason = holdReason(getPreferences(), getConditions())
  if (reason !== overridden) overridden = undefined
  const view = getVolunteer()
  if (view.kind !== 'present') return
  const phase = view.state.phase.kind
  if ((phase === 'computing' || phase === 'starting') && reason !== undefined && reason !== overridden) {
    setHeld(reason)
    await (await connectVolunteer()).pause()
  } else if (held !== undefined && reason === undefined) {
    setHeld(undefined)
    await (await connectVolunteer()).start(grantedBy(getPreferences()))
  } else if (held !== undefined && reason !== undefined && reason !== held) {
    setHeld(reason)
  }
}

/** Pauses and goes on by itself where the person's wishes say so. */
export function keepToWishes(): void {
  const run = () => {
    keep().catch((cause: unknown) => console.error('The wish to pause could not be carried out.', cause))
  }
  subscribeConditions(run)
  subscribePreferences(run)
  subscribeVolunteer(run)
}
