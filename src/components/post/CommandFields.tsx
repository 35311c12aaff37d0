import { usePostMessages } from '../../messages/use-post-messages.ts'
import { usePosting } from '../../posting/posting-context.ts'
import { knownPlaceholders } from '../../posting/read-split.ts'
import { Choice } from './Choice.tsx'
import { Disclosure } from './Disclosure.tsx'
import { FileSet } from './FileSet.tsx'
import { TextField } from './TextField.tsx'
import { useInputProblem } from './use-input-problem.ts'

/** What a WASI command is started with besides its piece. */
export function CommandFields() {
  const p = usePostMessages()
  const { draft, dispatch } = usePosting()
  const { input } = draft
  const problemOf = useInputProblem()
  return (
    <>
      <TextField
        label={p.input.arguments}
        hint={p.input.argumentsHint(knownPlaceholders(input).map(name => `{${name}}`))}
        value={input.arguments}
        rows={3}
        isCode
        problem={problemOf(({ kind }) => kind === 'placeholder' || kind === 'tooManyArguments')}
        onChange={value => dispatch({ kind: 'input', change: { arguments: value } })}
      />
      <Choice
        legend={p.input.stdin}
        columns={2}
        value={input.stdin}
        onChange={stdin => dispatch({ kind: 'input', change: { stdin } })}
        options={(['piece', 'empty'] as const).map(value => ({
          value,
          title: p.input.stdins[value].title,
          text: value === 'piece' ? p.input.pieces[input.way] : p.input.stdins.empty.text,
        }))}
      />
      <Disclosure summary={p.input.shared} mustShow={input.shared.length > 0}>
        <FileSet
          label={p.input.chooseShared}
          hint={p.input.sharedHint}
          files={input.shared}
          onFiles={shared => dispatch({ kind: 'input', change: { shared } })}
        />
      </Disclosure>
    </>
  )
}
