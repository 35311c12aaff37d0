import { useSyncExternalStore } from 'react'
import { getConditions, subscribeConditions } from './conditions.ts'
import { getVolunteer, subscribeVolunteer } from './connect.ts'
import { getHeld, subscribeHeld } from './control.ts'

export const useVolunteer = () => useSyncExternalStore(subscribeVolunteer, getVolunteer)
export const useHeld = () => useSyncExternalStore(subscribeHeld, getHeld)
export const useConditions = () => useSyncExternalStore(subscribeConditions, getConditions)
