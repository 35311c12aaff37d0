import { queryOptions } from '@tanstack/react-query'
import { Posting } from '../../protocol/posting.ts'
import { connectVolunteer } from '../volunteer/connect.ts'
import { api } from './api.ts'

/** What this browser has posted and may post; without an account, what a newcomer may. Asking never makes one. */
async function readPosting(signal: AbortSignal): Promise<Posting> {
  const volunteer = await connectVolunteer()
  const token = (await volunteer.hasAccount()) ? await volunteer.sessionToken() : undefined
  return api.get('/api/posting', Posting, { token, signal })
}

export const postingQuery = () =>
  queryOptions({ queryKey: ['posting'], queryFn: ({ signal }) => readPosting(signal), staleTime: 30_000 })
