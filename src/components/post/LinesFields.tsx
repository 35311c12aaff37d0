import { useState } from 'react'
import { useMessages } from '../../messages/use-messages.ts'
import { usePostMessages } from '../../messages/use-post-messages.ts'
import { usePosting } from '../../posting/posting-context.ts'
import { Choice } from './Choice.tsx'
import { FileDrop } from './FileDrop.tsx'
import { Note } from './Note.tsx'

const formatOf = (path: string): 'text' | 'csv' | 'ndjson' => {
  if (/\.csv$/i.test(path)) return 'csv'
  return /\.(ndjson|jsonl)$/i.test(path) ? 'ndjson' : 'text'
}

/** One file, of which every line is a task. */
export function LinesFields() {
  const p = usePostMessages()
  const { format } = useMessages()
  const { draft, dispatch, store } = usePosting()
  const { lines, format: kind, hasHeader } = draft.input
  const [problem, setProblem] = useState<string>()

  async function take([file]: readonly File[]) {
    if (file === undefined) return
    setProblem(undefined)
    try {
      const [taken] = await store.put([{ path: file.name, blob: file }])
      if (taken !== undefined) dispatch({ kind: 'input', change: { lines: taken, format: formatOf(file.name) } })
    } catch (cause) {
      setProblem(p.unreadable(cause instanceof Error ? cause.message : String(cause)))
    }
  }

  return (
    <div className="grid gap-5">
      <FileDrop
        label={lines === undefined ? p.input.lines.choose : p.chooseOther}
        hint={lines === undefined ? p.input.lines.hint : p.fileName(lines.path, format.bytes(lines.bytes))}
        accept=".txt,.csv,.ndjson,.jsonl,.tsv,text/*"
        onFiles={take}
      />
      {problem !== undefined && <Note kind="alert">{problem}</Note>}
      <Choice
        legend={p.input.lines.format}
        value={kind}
        onChange={next => dispatch({ kind: 'input', change: { format: next } })}
        options={(['text', 'csv', 'ndjson'] as const).map(value => ({ value, ...p.input.lines.formats[value] }))}
      />
      {kind === 'csv' && (
        <label className="flex min-h-11 items-center gap-3">
          <input
            type="checkbox"
            checked={hasHeader}
            onChange={event => dispatch({ kind: 'input', change: { hasHeader: event.target.checked } })}
            className="size-5 shrink-0 accent-tide"
          />
          {p.input.lines.header}
        </label>
      )}
    </div>
  )
}
