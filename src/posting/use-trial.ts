import { useQuery } from '@tanstack/react-query'
import type { TrialId } from '../../protocol/posting.ts'
import { trialQuery } from '../queries/trials.ts'

const none = '' as TrialId

/** The server's check of what stands in the draft; without data where it was not asked for. */
export const useTrial = (id: TrialId | undefined) => useQuery({ ...trialQuery(id ?? none), enabled: id !== undefined })
