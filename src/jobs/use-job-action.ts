import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import * as z from 'zod/mini'
import type { JobId } from '../../protocol/ids.ts'
import { PostedJob } from '../../protocol/posting.ts'
import { api } from '../queries/api.ts'
import { connectVolunteer } from '../volunteer/connect.ts'

export type JobAction = 'pause' | 'resume' | 'cancel'

const ownToken = async () => (await connectVolunteer()).sessionToken()

/** What only its poster may do with a job. What it came to is asked of the server at once. */
export function useJobAction(id: JobId) {
  const client = useQueryClient()
  return useMutation({
    networkMode: 'always',
    mutationFn: async (action: JobAction) =>
      api.post(`/api/jobs/${id}/${action}`, {}, z.undefined(), { token: await ownToken() }),
    onSettled: () => client.invalidateQueries({ queryKey: ['jobs'] }),
  })
}

/** Makes a job of the tasks that failed or are disputed, and leads to it. */
export function useRerun(id: JobId) {
  const client = useQueryClient()
  const navigate = useNavigate()
  return useMutation({
    networkMode: 'always',
    mutationFn: async () => api.post(`/api/jobs/${id}/rerun`, {}, PostedJob, { token: await ownToken() }),
    async onSuccess(posted) {
      await Promise.all(
        [['jobs'], ['posting']].map(queryKey => client.invalidateQueries({ queryKey, refetchType: 'none' })),
      )
      await navigate({ to: '/jobs/$id', params: { id: posted.id } })
    },
  })
}
