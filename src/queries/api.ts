import { QueryClient } from '@tanstack/react-query'
import { createApiClient } from '../../protocol/client.ts'
import { RefusedError, UnreachableError } from '../../protocol/errors.ts'

export const api = createApiClient('')

/** Asking again helps where the way is disturbed, not where the server said no. */
const canHelp = (error: Error) =>
  error instanceof UnreachableError || (error instanceof RefusedError && error.problem.status >= 500)

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // The server may be this very machine: what the browser believes of the internet says nothing about it.
      networkMode: 'always',
      retry: (failures, error) => failures < 2 && canHelp(error),
      staleTime: 5_000,
    },
  },
})
