import { queryOptions } from '@tanstack/react-query'
import type { TaskId } from '../../protocol/ids.ts'
import { Receipt } from '../../protocol/tasks.ts'
import { api } from './api.ts'

export const receiptQuery = (id: TaskId) =>
  queryOptions({
    queryKey: ['tasks', id],
    queryFn: ({ signal }) => api.get(`/api/tasks/${id}`, Receipt, { signal }),
    // Until a verdict falls it is asked for again; that one is overturned is rare.
    refetchInterval: query => (query.state.data?.verdict.state === 'pending' ? 3_000 : false),
  })
