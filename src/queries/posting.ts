import { queryOptions } from '@tanstack/react-query'
import { Posting } from '../../protocol/posting.ts'
import { connectVolunteer } from '../volunteer/connect.ts'
import { api } from './api.ts'

/** What this browser has posted and may post, or that it has no account yet. Asking never makes one. */
export type OwnPosting = { readonly kind: 'none' } | { readonly kind: 'known'; readonly posting: Posting }

async function readPosting(signal: AbortSignal): Promise<OwnPosting> {
  const volunteer = await connectVolunteer()
  if (!(await volunteer.hasAccount())) return { kind: 'none' }
  const token = await volunteer.sessionToken()
  return { kind: 'known', posting: await api.get('/api/posting', Posting, { token, signal }) }
}

export const postingQuery = () =>
  queryOptions({ queryKey: ['posting'], queryFn: ({ signal }) => readPosting(signal), staleTime: 30_000 })
