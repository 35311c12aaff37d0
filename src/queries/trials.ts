import { queryOptions } from '@tanstack/react-query'
import { Trial, type TrialId } from '../../protocol/posting.ts'
import { connectVolunteer } from '../volunteer/connect.ts'
import { api } from './api.ts'

const trialMs = 700

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
