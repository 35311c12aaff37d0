import { useCallback, useEffect, useReducer, useState } from 'react'
import { emptyDraft } from './draft.ts'
import { createDraftStore } from './draft-store.ts'
import type { PostingDesk } from './posting-context.ts'
import { type DraftAction, reduceDraft } from './reduce-draft.ts'

export type DraftState = { readonly kind: 'reading' } | ({ readonly kind: 'ready' } & PostingDesk)

/** The draft of this browser, as it was left, and written down again with every change. */
export function useDraft(): DraftState {
  const [store] = useState(createDraftStore)
  const [isRead, setIsRead] = useState(false)
  const [draft, reduce] = useReducer(reduceDraft, emptyDraft)

  useEffect(() => {
    let isWanted = true
    store.read().then(
      found => {
        if (!isWanted) return
        if (found !== undefined) reduce({ kind: 'loaded', draft: found })
        setIsRead(true)
      },
      (cause: unknown) => console.error('The draft could not be read.', cause),
    )
    return () => {
      isWanted = false
    }
  }, [store])

  useEffect(() => {
    if (isRead) store.write(draft)
  }, [store, draft, isRead])

  const dispatch = useCallback((action: DraftAction) => reduce(action), [])
  return isRead ? { kind: 'ready', draft, dispatch, store } : { kind: 'reading' }
}
