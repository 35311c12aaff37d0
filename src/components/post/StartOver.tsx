import { useState } from 'react'
import { usePostMessages } from '../../messages/use-post-messages.ts'
import { emptyDraft } from '../../posting/draft.ts'
import { usePosting } from '../../posting/posting-context.ts'
import { Button } from '../Button.tsx'
import { useAct } from '../use-act.ts'

/** Forgets the draft, after asking once. */
export function StartOver() {
  const p = usePostMessages()
  const { draft, dispatch, store } = usePosting()
  const [isAsking, setIsAsking] = useState(false)
  const act = useAct()
  if (draft === emptyDraft) return undefined

  async function forget() {
    setIsAsking(false)
    await store.clear()
    dispatch({ kind: 'startedOver' })
  }

  if (!isAsking)
    return (
      <Button kind="bare" className="-mx-5" onClick={() => setIsAsking(true)}>
        {p.startOver}
      </Button>
    )
  return (
    <div role="alertdialog" aria-label={p.startOver} className="flex flex-wrap items-center gap-3">
      <p className="text-ink">{p.startOverAsk}</p>
      <Button onClick={() => act(forget())}>{p.startOverYes}</Button>
      <Button kind="bare" autoFocus onClick={() => setIsAsking(false)}>
        {p.startOverNo}
      </Button>
    </div>
  )
}
