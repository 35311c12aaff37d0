import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { Digest } from '../../protocol/digest.ts'
import type { JobId } from '../../protocol/ids.ts'
import { JobOutputs, JobTasks, jobViewLimits, type UnacceptedTask } from '../../protocol/job-views.ts'
import { api } from './api.ts'
import { progressMs } from './jobs.ts'

/** A page of outputs is short: each may be 64 KiB. */
const outputsPerPage = 5

const afterOf = (after: string) => (after === '' ? '' : `&after=${after}`)

/** Accepted outputs from the first task on. The last page is asked for again until it is full. */
export const outputsQuery = (id: JobId) =>
  infiniteQueryOptions({
    queryKey: ['jobs', id, 'outputs'],
    queryFn: ({ signal, pageParam }) =>
      api.get(`/api/jobs/${id}/outputs?limit=${outputsPerPage}${afterOf(pageParam)}`, JobOutputs, { signal }),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    refetchInterval: query => (query.state.data?.pages.at(-1)?.next === undefined ? progressMs : false),
  })

/** Tasks that came to no accepted output, of one kind. */
export const unacceptedQuery = (id: JobId, state: UnacceptedTask['state']) =>
  infiniteQueryOptions({
    queryKey: ['jobs', id, state],
    queryFn: ({ signal, pageParam }) =>
      api.get(`/api/jobs/${id}/tasks?state=${state}&limit=${jobViewLimits.tasks}${afterOf(pageParam)}`, JobTasks, {
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  })

/** The merged answer itself; `digest` is what it is now, so that another answer is asked for anew. */
export const mergedQuery = (id: JobId, digest: Digest) =>
  queryOptions({
    queryKey: ['jobs', id, 'merged', digest],
    queryFn: ({ signal }) => api.getBytes(`/api/jobs/${id}/merged`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })
