import { queryOptions } from '@tanstack/react-query'
import type { TaskId } from '../../protocol/ids.ts'
import { Receipt } from '../../protocol/tasks.ts'
import { api } from './api.ts'

export const receiptQuery = (id: TaskId) =>
  queryOptions({
    queryKey: ['tasks', id],
    queryFn: ({ signal }) => api.get(`/api/tasks/${id}`, Receipt, { signal }),
    // A verdict is final; until it falls it is asked for again.
    refetchInterval: query => (query.state.data?.verdict.state === 'pending' ? 3_000 : false),
  })
