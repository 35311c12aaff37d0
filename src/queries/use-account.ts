import { useQuery } from '@tanstack/react-query'
import { usePreferences } from '../preferences/use-preferences.ts'
import { activityOf, isActive } from '../volunteer/activity.ts'
import { useVolunteer } from '../volunteer/use-volunteer.ts'
import { accountQuery } from './account.ts'

/** One's own account; asks nothing of a stranger who has not agreed to anything. */
export function useAccount() {
  const isComputing = isActive(activityOf(useVolunteer()))
  const isWanted = usePreferences().consentedAt !== ''
  return useQuery(accountQuery({ isComputing, isWanted }))
}
