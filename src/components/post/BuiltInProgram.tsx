import { kernels } from '../../../wasm/kernels.ts'
import { useMessages } from '../../messages/use-messages.ts'
import { usePostMessages } from '../../messages/use-post-messages.ts'
import { parameterFields, readParameters } from '../../posting/parameter-form.ts'
import { usePosting } from '../../posting/posting-context.ts'
import { Choice } from './Choice.tsx'
import { issueText } from './issue-text.ts'
import { Note } from './Note.tsx'
import { TextField } from './TextField.tsx'

/** A program that comes with Tidemill, and the fields that its parameters ask for. */
export function BuiltInProgram() {
  const { language, format, t } = useMessages()
  const p = usePostMessages()
  const { draft, dispatch } = usePosting()
  const { kernelId, fields: typed } = draft.program
  const kernel = kernels[kernelId]
  const fields = kernel === undefined ? [] : parameterFields(kernel, typed[kernelId])
  const read = kernel && readParameters(kernel, fields)
  const issues = read?.kind === 'invalid' ? read.issues : undefined
  const whole = issues?.get('')
  return (
    <>
      <Choice
        legend={p.pickKernel}
        columns={2}
        value={kernelId}
        onChange={id => dispatch({ kind: 'program', change: { kernelId: id } })}
        options={Object.values(kernels).map(({ id, area, text }) => ({
          value: id,
          title: text[language].title,
          text: (
            <>
              <span className="text-tide">{t.area[area]}</span> · {text[language].aim}
            </>
          ),
        }))}
      />
      {kernel !== undefined && (
        <fieldset>
          <legend className="mb-3 text-lg font-semibold">{t.project.parameters}</legend>
          <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2">
            {fields.map(({ name, value, isNumber }) => {
              const issue = issues?.get(name)
              return (
                <TextField
                  key={name}
                  label={kernel.text[language].parameters[name] ?? name}
                  value={value}
                  inputMode={isNumber ? 'decimal' : 'numeric'}
                  onChange={next => dispatch({ kind: 'field', kernelId, name, value: next })}
                  problem={issue && issueText(p, issue)}
                />
              )
            })}
          </div>
          <div className="mt-5" role="status">
            {whole !== undefined && <Note kind="alert">{issueText(p, whole)}</Note>}
            {read?.kind === 'valid' && (
              <Note>
                {p.builtInTasks(
                  format.integer(kernel.taskCount(read.parameters)),
                  kernel.describeTask(read.parameters, 0n, language),
                )}
              </Note>
            )}
          </div>
        </fieldset>
      )}
    </>
  )
}
