import { queryOptions } from '@tanstack/react-query'
import { Posting, Trial, type TrialId } from '../../protocol/posting.ts'
import { connectVolunteer } from '../volunteer/connect.ts'
import { api } from './api.ts'

const trialMs = 700

/** What this account may post; undefined for whoever has no account yet. Asking never makes one. */
export const postingQuery = () =>
  queryOptions({
    queryKey: ['posting'],
    queryFn: async ({ signal }): Promise<{ readonly posting: Posting | undefined }> => {
      const volunteer = await connectVolunteer()
      if (!(await volunteer.hasAccount())) return { posting: undefined }
      const token = await volunteer.sessionToken()
      return { posting: await api.get('/api/posting', Posting, { token, signal }) }
    },
  })

/** The server's check, asked for until it has an outcome. */
export const trialQuery = (id: TrialId) =>
  queryOptions({
    queryKey: ['trials', id],
    queryFn: async ({ signal }) => {
      const token = await (await connectVolunteer()).sessionToken()
      return api.get(`/api/trials/${id}`, Trial, { token, signal })
    },
    refetchInterval: query => (query.state.data?.outcome === undefined && !query.state.error ? trialMs : false),
  })
