import { createContext, type Dispatch, use } from 'react'
import type { Draft } from './draft.ts'
import type { DraftStore } from './draft-store.ts'
import type { DraftAction } from './reduce-draft.ts'

/** What all steps work on. */
export interface PostingDesk {
  readonly draft: Draft
  readonly dispatch: Dispatch<DraftAction>
  readonly store: DraftStore
}

export const PostingContext = createContext<PostingDesk | undefined>(undefined)

export function usePosting(): PostingDesk {
  const desk = use(PostingContext)
  if (desk === undefined) throw new Error('A step stands outside of the page that holds the draft.')
  return desk
}
