import type { PostMessages } from '../../messages/post-en.ts'
import { useMessages } from '../../messages/use-messages.ts'
import { usePostMessages } from '../../messages/use-post-messages.ts'
import { mergeKinds } from '../../posting/draft.ts'
import { usePosting } from '../../posting/posting-context.ts'
import { confidenceChoices, type TermsGap } from '../../posting/price.ts'
import { useOwnPosting } from '../../posting/use-own-posting.ts'
import { useTerms } from '../../posting/use-terms.ts'
import { Choice } from './Choice.tsx'
import { CostSum } from './CostSum.tsx'
import { Disclosure } from './Disclosure.tsx'
import { ModuleUpload } from './ModuleUpload.tsx'
import { StepFrame } from './StepFrame.tsx'
import { TextField } from './TextField.tsx'

/** How sure the answers shall be, what that costs, and what becomes of them. */
export function PriceStep() {
  const { format } = useMessages()
  const p = usePostMessages()
  const { draft, dispatch } = usePosting()
  const { terms } = draft
  const read = useTerms()
  const posting = useOwnPosting()
  const set = (change: Partial<typeof terms>) => dispatch({ kind: 'terms', change })
  const gaps = read?.gaps ?? []
  const problem = (...kinds: readonly TermsGap['kind'][]) => {
    const gap = gaps.find(({ kind }) => kinds.includes(kind))
    return gap && termsGapText(p, gap)
  }
  return (
    <StepFrame
      lead={p.price.lead}
      missing={read === undefined ? [p.try.missing] : gaps.map(gap => termsGapText(p, gap))}
    >
      <Choice
        legend={p.price.confidence}
        columns={4}
        value={String(terms.oneIn)}
        onChange={value => set({ oneIn: Number(value) })}
        options={confidenceChoices.map(({ oneIn, newcomers }) => ({
          value: String(oneIn),
          title: p.price.oneIn(oneIn),
          text: p.price.replicas(newcomers),
        }))}
      />
      <Disclosure summary={p.price.more} mustShow={problem('minReplicas', 'maxReplicas', 'replicaOrder') !== undefined}>
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            label={p.price.minReplicas}
            hint={p.price.minReplicasHint}
            value={terms.minReplicas}
            inputMode="numeric"
            problem={problem('minReplicas', 'replicaOrder')}
            onChange={minReplicas => set({ minReplicas })}
          />
          <TextField
            label={p.price.maxReplicas}
            hint={p.price.maxReplicasHint}
            value={terms.maxReplicas}
            inputMode="numeric"
            problem={problem('maxReplicas')}
            onChange={maxReplicas => set({ maxReplicas })}
          />
        </div>
      </Disclosure>
      {read !== undefined && <CostSum price={read.price} />}
      <div className="grid gap-5 sm:grid-cols-2">
        <TextField
          label={p.price.budget}
          hint={
            posting === undefined
              ? p.price.budgetHint
              : p.price.budgetLeft(Math.max(0, posting.credits.most - posting.credits.used))
          }
          value={terms.budget}
          unit={p.credits}
          inputMode="decimal"
          problem={problem('budget', 'budgetLow', 'overAllowance')}
          onChange={budget => set({ budget })}
        />
        <TextField
          label={p.price.deadline}
          hint={p.price.deadlineHint}
          value={terms.deadline}
          type="datetime-local"
          problem={problem('deadline', 'deadlinePast')}
          onChange={deadline => set({ deadline })}
        />
      </div>
      <Choice
        legend={p.price.merge}
        value={terms.merge}
        onChange={merge => set({ merge })}
        options={mergeKinds.map(value => ({ value, ...p.price.merges[value] }))}
      />
      {terms.merge === 'kernel' && (
        <ModuleUpload
          module={terms.mergeModule}
          hint={p.price.mergeModuleHint}
          onModule={mergeModule => set({ mergeModule })}
        />
      )}
      {posting !== undefined && (
        <p className="measure text-sm text-soft">
          {p.price.sponsored(
            format.integer(posting.openJobs.used),
            format.integer(posting.openJobs.most),
            posting.credits.used,
            posting.credits.most,
          )}
        </p>
      )}
    </StepFrame>
  )
}

/** The sentence for what the terms still need. */
export function termsGapText(p: PostMessages, gap: TermsGap): string {
  switch (gap.kind) {
    case 'budgetLow':
      return p.price.gap.budgetLow(gap.cost)
    case 'overAllowance':
      return p.price.gap.overAllowance(gap.left)
    default:
      return p.price.gap[gap.kind]
  }
}
