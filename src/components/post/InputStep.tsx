import { usePostMessages } from '../../messages/use-post-messages.ts'
import { chosenModule, inputWays } from '../../posting/draft.ts'
import { usePosting } from '../../posting/posting-context.ts'
import { inputGaps } from '../../posting/read-split.ts'
import { usePrepared } from '../../posting/use-prepared.ts'
import { Choice } from './Choice.tsx'
import { CommandFields } from './CommandFields.tsx'
import { FilesFields } from './FilesFields.tsx'
import { gapText } from './gap-text.ts'
import { LinesFields } from './LinesFields.tsx'
import { preparingText } from './preparing-text.ts'
import { RangeFields } from './RangeFields.tsx'
import { StepFrame } from './StepFrame.tsx'
import { SweepFields } from './SweepFields.tsx'
import { TaskPreview } from './TaskPreview.tsx'

const fields = { range: RangeFields, lines: LinesFields, files: FilesFields, sweep: SweepFields } as const

/** How the job of an uploaded program becomes tasks, and what each of them gets. */
export function InputStep() {
  const p = usePostMessages()
  const { draft, dispatch } = usePosting()
  const program = chosenModule(draft)?.program ?? 'wasi'
  const gaps = inputGaps(draft.input, program)
  const prepared = usePrepared()
  const Fields = fields[draft.input.way]
  const missing = gaps.map(gap => gapText(p, gap))
  if (missing.length === 0 && prepared.kind !== 'ready') missing.push(preparingText(p, prepared))
  return (
    <StepFrame lead={p.input.lead} missing={missing}>
      <Choice
        legend={p.input.way}
        columns={4}
        value={draft.input.way}
        onChange={way => dispatch({ kind: 'input', change: { way } })}
        options={inputWays.map(way => ({ value: way, title: p.input.ways[way].title, text: p.input.ways[way].text }))}
      />
      <Fields />
      {program === 'wasi' && <CommandFields />}
      {prepared.kind === 'ready' && prepared.prepared.kind === 'upload' && <TaskPreview prepared={prepared.prepared} />}
    </StepFrame>
  )
}
