import type { JobId } from '../../protocol/ids.ts'
import type { Compare } from '../../protocol/jobs.ts'
import type { TrialId } from '../../protocol/posting.ts'
import { type Draft, emptyDraft, type Step, steps } from './draft.ts'

export type DraftAction =
  | { readonly kind: 'went'; readonly step: Step }
  | { readonly kind: 'program'; readonly change: Partial<Draft['program']> }
  | { readonly kind: 'field'; readonly kernelId: string; readonly name: string; readonly value: string }
  | { readonly kind: 'input'; readonly change: Partial<Draft['input']> }
  | { readonly kind: 'compare'; readonly compare: Compare }
  | { readonly kind: 'trial'; readonly trial: TrialId }
  | { readonly kind: 'trialGone' }
  | { readonly kind: 'terms'; readonly change: Partial<Draft['terms']> }
  | { readonly kind: 'text'; readonly change: Partial<Pick<Draft, 'title' | 'description'>> }
  | { readonly kind: 'posted'; readonly id: JobId }
  /** A job was made of it, and another one like it is wanted. */
  | { readonly kind: 'copied' }
  | { readonly kind: 'startedOver' }

/** What was checked is no longer what would be posted. */
function unchecked({ trial: _, ...draft }: Draft): Draft {
  return draft
}

/** The draft after something happened. What changes the work itself drops the check that the server made of it. */
export function reduceDraft(draft: Draft, action: DraftAction): Draft {
  switch (action.kind) {
    case 'went':
      return { ...draft, step: action.step }
    case 'program':
      return unchecked({ ...draft, program: { ...draft.program, ...action.change } })
    case 'field': {
      const { program } = draft
      const fields = { ...program.fields[action.kernelId], [action.name]: action.value }
      return unchecked({ ...draft, program: { ...program, fields: { ...program.fields, [action.kernelId]: fields } } })
    }
    case 'input':
      return unchecked({ ...draft, input: { ...draft.input, ...action.change } })
    case 'compare':
      return unchecked({ ...draft, compare: action.compare })
    case 'trial':
      return { ...draft, trial: action.trial }
    case 'trialGone':
      return unchecked(draft)
    case 'terms':
      return { ...draft, terms: { ...draft.terms, ...action.change } }
    case 'text':
      return { ...draft, ...action.change }
    case 'posted':
      return { ...draft, posted: action.id }
    case 'copied': {
      const { posted: _, ...copy } = unchecked(draft)
      return { ...copy, step: 'program' }
    }
    case 'startedOver':
      return emptyDraft
  }
}

/** The steps that a draft has: a built-in kernel splits its job by itself. */
export const stepsOf = ({ program }: Pick<Draft, 'program'>): readonly Step[] =>
  program.way === 'builtIn' ? steps.filter(step => step !== 'input') : steps
