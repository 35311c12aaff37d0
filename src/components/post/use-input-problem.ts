import { usePostMessages } from '../../messages/use-post-messages.ts'
import { chosenModule } from '../../posting/draft.ts'
import { usePosting } from '../../posting/posting-context.ts'
import { type InputGap, inputGaps } from '../../posting/read-split.ts'
import { gapText } from './gap-text.ts'

/** Finds the sentence for what is wrong with a field of the input. */
export function useInputProblem(): (isOfField: (gap: InputGap) => boolean) => string | undefined {
  const p = usePostMessages()
  const { draft } = usePosting()
  const gaps = inputGaps(draft.input, chosenModule(draft)?.program ?? 'wasi')
  return isOfField => {
    const gap = gaps.find(isOfField)
    return gap && gapText(p, gap)
  }
}
