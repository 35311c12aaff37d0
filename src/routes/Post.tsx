import { Link } from '@tanstack/react-router'
import { useEffect, useMemo, useRef } from 'react'
import { Button, buttonClass } from '../components/Button.tsx'
import { PageHead } from '../components/PageHead.tsx'
import { InputStep } from '../components/post/InputStep.tsx'
import { Note } from '../components/post/Note.tsx'
import { PriceStep } from '../components/post/PriceStep.tsx'
import { ProgramStep } from '../components/post/ProgramStep.tsx'
import { ReviewStep } from '../components/post/ReviewStep.tsx'
import { StartOver } from '../components/post/StartOver.tsx'
import { StepBar } from '../components/post/StepBar.tsx'
import { TryStep } from '../components/post/TryStep.tsx'
import { useReachable } from '../components/post/use-reachable.ts'
import { Skeleton } from '../components/Skeleton.tsx'
import { usePostMessages } from '../messages/use-post-messages.ts'
import { PostingContext, type PostingDesk, usePosting } from '../posting/posting-context.ts'
import { useDraft } from '../posting/use-draft.ts'
import { useOwnPosting } from '../posting/use-own-posting.ts'

const stepViews = {
  program: ProgramStep,
  input: InputStep,
  try: TryStep,
  price: PriceStep,
  review: ReviewStep,
} as const

/** A form in steps: from a problem to a verified, priced job. */
export function Post() {
  const p = usePostMessages()
  const state = useDraft()
  return (
    <>
      <PageHead title={p.title} lead={p.lead} />
      {state.kind === 'reading' ? (
        <Skeleton lines={6} className="h-9 w-full" />
      ) : (
        <Desk draft={state.draft} dispatch={state.dispatch} store={state.store} />
      )}
    </>
  )
}

function Desk({ draft, dispatch, store }: PostingDesk) {
  const desk = useMemo(() => ({ draft, dispatch, store }), [draft, dispatch, store])
  return (
    <PostingContext value={desk}>
      <Steps />
    </PostingContext>
  )
}

function Steps() {
  const p = usePostMessages()
  const { draft, store, dispatch } = usePosting()
  const posting = useOwnPosting()
  const reachable = useReachable()
  const Step = stepViews[draft.step]
  const last = useRef(draft.step)

  useEffect(() => {
    if (last.current === draft.step) return
    last.current = draft.step
    // Whoever reads by ear, or goes on by Tab, begins at the new step.
    const title = document.getElementById('step-title')
    title?.focus({ preventScroll: true })
    title?.scrollIntoView({ block: 'start' })
  }, [draft.step])

  if (draft.posted !== undefined)
    return (
      <div className="mb-16 grid gap-5">
        <Note>{p.posted}</Note>
        <div className="flex flex-wrap gap-3">
          <Link to="/jobs/$id" params={{ id: draft.posted }} className={buttonClass('lamp')}>
            {p.seeJob}
          </Link>
          <Button onClick={() => dispatch({ kind: 'copied' })}>{p.copy}</Button>
          <Button onClick={() => dispatch({ kind: 'startedOver' })}>{p.another}</Button>
        </div>
      </div>
    )
  return (
    <>
      {posting?.sponsored === 'off' && (
        <div className="mb-8">
          <Note>{p.off}</Note>
        </div>
      )}
      {!store.isKept() && (
        <div className="mb-8">
          <Note>{p.notKept}</Note>
        </div>
      )}
      <StepBar reachable={reachable} />
      <Step />
      <div className="-mt-8 mb-16 flex flex-wrap items-center justify-between gap-3 text-sm text-soft">
        <p>
          {p.keptHere}{' '}
          <Link to="/projects" className="link">
            {p.seeProjects}
          </Link>
        </p>
        <StartOver />
      </div>
    </>
  )
}
