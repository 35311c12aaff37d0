import { useQuery } from '@tanstack/react-query'
import type { Posting } from '../../protocol/posting.ts'
import { postingQuery } from '../queries/posting.ts'

/** What this browser's account may post; undefined as long as that is not known, or there is no account. */
export function useOwnPosting(): Posting | undefined {
  const own = useQuery(postingQuery()).data
  return own?.kind === 'known' ? own.posting : undefined
}
