import { kernels } from '../../../wasm/kernels.ts'
import type { PostMessages } from '../../messages/post-en.ts'
import { usePostMessages } from '../../messages/use-post-messages.ts'
import { chosenModule, type Draft, programWays } from '../../posting/draft.ts'
import { parameterFields, readParameters } from '../../posting/parameter-form.ts'
import { usePosting } from '../../posting/posting-context.ts'
import { BuiltInProgram } from './BuiltInProgram.tsx'
import { Choice } from './Choice.tsx'
import { ModuleUpload } from './ModuleUpload.tsx'
import { SourceProgram } from './SourceProgram.tsx'
import { StepFrame } from './StepFrame.tsx'

/** What shall run: one of the house's programs, a module, or a program written here. */
export function ProgramStep() {
  const p = usePostMessages()
  const { draft, dispatch } = usePosting()
  const { way, file } = draft.program
  return (
    <StepFrame lead={p.program.lead} missing={programMissing(p, draft)}>
      <Choice
        legend={p.program.way}
        isLegendHidden
        value={way}
        onChange={next => dispatch({ kind: 'program', change: { way: next } })}
        options={programWays.map(value => ({ value, ...p.program.ways[value] }))}
      />
      {way === 'builtIn' && <BuiltInProgram />}
      {way === 'file' && (
        <ModuleUpload
          module={file}
          hint={p.program.fileHint}
          onModule={module => dispatch({ kind: 'program', change: { file: module } })}
        />
      )}
      {way === 'source' && <SourceProgram />}
    </StepFrame>
  )
}

/** What the step still needs, in sentences. */
export function programMissing(p: PostMessages, draft: Draft): string[] {
  const { way, kernelId, fields } = draft.program
  if (way === 'file') return draft.program.file === undefined ? [p.program.noFile] : []
  if (way === 'source') return chosenModule(draft) === undefined ? [p.program.notCompiled] : []
  const kernel = kernels[kernelId]
  if (kernel === undefined) return [p.program.noKernel]
  const read = readParameters(kernel, parameterFields(kernel, fields[kernelId]))
  return read.kind === 'valid' ? [] : [p.program.wrongFields(read.issues.size)]
}
