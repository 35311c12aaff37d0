import { useQuery } from '@tanstack/react-query'
import type { Posting } from '../../protocol/posting.ts'
import { postingQuery } from '../queries/posting.ts'

/** What this browser may post; undefined as long as that is not known. */
export function useOwnPosting(): Posting | undefined {
  return useQuery(postingQuery()).data
}
