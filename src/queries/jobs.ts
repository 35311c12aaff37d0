import { queryOptions } from '@tanstack/react-query'
import type { JobId } from '../../protocol/ids.ts'
import { JobDetail, JobList } from '../../protocol/jobs.ts'
import { api } from './api.ts'

/** How often progress is asked for. */
export const progressMs = 10_000

export const jobsQuery = () =>
  queryOptions({
    queryKey: ['jobs'],
    queryFn: ({ signal }) => api.get('/api/jobs', JobList, { signal }),
    refetchInterval: progressMs,
  })

export const jobQuery = (id: JobId) =>
  queryOptions({
    queryKey: ['jobs', id],
    queryFn: ({ signal }) => api.get(`/api/jobs/${id}`, JobDetail, { signal }),
    refetchInterval: progressMs,
  })
