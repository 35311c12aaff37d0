import { usePosting } from './posting-context.ts'
import { readTerms, type Terms } from './price.ts'
import { useOwnPosting } from './use-own-posting.ts'
import { useTrial } from './use-trial.ts'

/** The terms of the draft with their price; undefined until the server's check has passed. */
export function useTerms(): Terms | undefined {
  const { draft } = usePosting()
  const trial = useTrial(draft.trial).data
  const credits = useOwnPosting()?.credits
  if (draft.trial === undefined || trial?.outcome?.kind !== 'passed') return undefined
  return readTerms(draft.terms, {
    tasks: BigInt(trial.tasks),
    creditPerTask: trial.outcome.creditPerTask,
    compare: trial.compare,
    left: credits && Math.max(0, credits.most - credits.used),
    now: new Date(),
  })
}
