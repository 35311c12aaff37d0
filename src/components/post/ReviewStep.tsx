import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { jobTextLimits } from '../../../protocol/posting.ts'
import { findKernel } from '../../../wasm/kernels.ts'
import { useMessages } from '../../messages/use-messages.ts'
import { usePostMessages } from '../../messages/use-post-messages.ts'
import { chosenModule } from '../../posting/draft.ts'
import { postJob } from '../../posting/post-job.ts'
import { usePosting } from '../../posting/posting-context.ts'
import { usePrepared } from '../../posting/use-prepared.ts'
import { useTerms } from '../../posting/use-terms.ts'
import { postingQuery } from '../../queries/posting.ts'
import { Button } from '../Button.tsx'
import { DigestText } from '../DigestText.tsx'
import { Fact, Facts } from '../Facts.tsx'
import { CostSum } from './CostSum.tsx'
import { Note } from './Note.tsx'
import { postFailureText } from './post-failure-text.ts'
import { StepFrame } from './StepFrame.tsx'
import { TextField } from './TextField.tsx'

type Sending =
  | { readonly kind: 'idle' }
  | { readonly kind: 'sending' }
  | { readonly kind: 'failed'; readonly error: Error }

/** All of it once more, in words, and the button that makes it a job. */
export function ReviewStep() {
  const { format, language } = useMessages()
  const p = usePostMessages()
  const { draft, dispatch, store } = usePosting()
  const preparing = usePrepared()
  const terms = useTerms()
  const router = useRouter()
  const client = useQueryClient()
  const [sending, setSending] = useState<Sending>({ kind: 'idle' })
  // A second click may come before the button is drawn disabled.
  const isSending = useRef(false)
  const title = draft.title.trim()
  const missing = [
    ...(terms === undefined ? [p.try.missing] : terms.gaps.length > 0 ? [p.review.terms] : []),
    ...(title === '' ? [p.review.noTitle] : []),
  ]

  async function post() {
    if (isSending.current || terms === undefined) return
    isSending.current = true
    setSending({ kind: 'sending' })
    try {
      const { id } = await postJob({ draft, terms, store })
      dispatch({ kind: 'posted', id })
      // The job's page offers what only a poster may do, and shall not have to ask first.
      client.setQueryData(postingQuery().queryKey, own => own && { ...own, jobs: [id, ...own.jobs] })
      await Promise.all(
        [['jobs'], ['posting']].map(queryKey => client.invalidateQueries({ queryKey, refetchType: 'none' })),
      )
      await router.navigate({ to: '/jobs/$id', params: { id } })
    } catch (cause) {
      setSending({ kind: 'failed', error: cause instanceof Error ? cause : new Error(String(cause)) })
    } finally {
      isSending.current = false
    }
  }

  const module = chosenModule(draft)
  const kernel = draft.program.way === 'builtIn' ? findKernel(draft.program.kernelId) : undefined
  const isBusy = sending.kind === 'sending'
  return (
    <StepFrame
      lead={p.review.lead}
      missing={missing}
      action={
        <Button kind="lamp" disabled={missing.length > 0} aria-disabled={isBusy} onClick={post}>
          {isBusy ? p.review.posting : p.review.post}
        </Button>
      }
    >
      <div className="measure grid gap-5">
        <TextField
          label={p.review.title}
          hint={p.review.titleHint}
          value={draft.title}
          maxLength={jobTextLimits.title}
          onChange={next => dispatch({ kind: 'text', change: { title: next } })}
        />
        <TextField
          label={p.review.description}
          hint={p.review.descriptionHint}
          value={draft.description}
          rows={4}
          maxLength={jobTextLimits.description}
          onChange={next => dispatch({ kind: 'text', change: { description: next } })}
        />
      </div>
      <Facts>
        <Fact name={p.step.program}>
          {kernel?.text[language].title}
          {module !== undefined && (
            <>
              {module.file.path}, {p.module.program[module.program]}
              <br />
              <DigestText digest={module.digest} />
            </>
          )}
        </Fact>
        <Fact name={p.step.input}>
          {preparing.kind === 'ready' && p.review.input(draft.program.way, draft.input.way, preparing.prepared.tasks)}
        </Fact>
        {terms !== undefined && (
          <>
            <Fact name={p.price.confidence}>{p.review.confidence(draft.terms.oneIn, terms.policy)}</Fact>
            <Fact name={p.review.compare}>{p.review.compares(draft.compare)}</Fact>
            <Fact name={p.price.deadline}>
              {terms.deadline === undefined ? p.review.noDeadline : format.dateTime(terms.deadline)}
            </Fact>
            <Fact name={p.price.merge}>{p.price.merges[draft.terms.merge].title}</Fact>
          </>
        )}
      </Facts>
      {terms !== undefined && <CostSum price={terms.price} />}
      <Note>{p.review.publicText}</Note>
      <div role="status" className="empty:hidden">
        {sending.kind === 'failed' && <Note kind="alert">{postFailureText(p, sending.error)}</Note>}
      </div>
    </StepFrame>
  )
}
