import { useCallback, useEffect, useRef, useState } from 'react'
import { type Draft, emptyDraft } from './draft.ts'
import { createDraftStore } from './draft-store.ts'
import type { PostingDesk } from './posting-context.ts'
import { type DraftAction, reduceDraft } from './reduce-draft.ts'

export type DraftState = { readonly kind: 'reading' } | ({ readonly kind: 'ready' } & PostingDesk)

/** The draft of this browser, as it was left, and written down again with every change. */
export function useDraft(): DraftState {
  const [store] = useState(createDraftStore)
  const [shown, setShown] = useState<Draft>()
  const newest = useRef(emptyDraft)

  useEffect(() => {
    let isWanted = true
    store.read().then(
      found => {
        if (!isWanted) return
        newest.current = found ?? emptyDraft
        setShown(newest.current)
      },
      (cause: unknown) => console.error('The draft could not be read.', cause),
    )
    return () => {
      isWanted = false
    }
  }, [store])

  const dispatch = useCallback(
    (action: DraftAction) => {
      newest.current = reduceDraft(newest.current, action)
      // Not as an effect: what is told while the page is being left counts too.
      store.write(newest.current)
      setShown(newest.current)
    },
    [store],
  )

  return shown === undefined ? { kind: 'reading' } : { kind: 'ready', draft: shown, dispatch, store }
}
