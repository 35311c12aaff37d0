import { usePostMessages } from '../../messages/use-post-messages.ts'
import { usePosting } from '../../posting/posting-context.ts'
import { FileSet } from './FileSet.tsx'

/** Files of which each is a task. */
export function FilesFields() {
  const p = usePostMessages()
  const { draft, dispatch } = usePosting()
  return (
    <FileSet
      label={p.input.files.choose}
      hint={p.input.files.hint}
      files={draft.input.files}
      onFiles={files => dispatch({ kind: 'input', change: { files } })}
    />
  )
}
