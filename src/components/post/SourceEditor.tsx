import { type Ref, useEffect, useImperativeHandle, useRef } from 'react'
import { createEditor, type Editor } from '../../posting/create-editor.ts'

export interface SourceEditorHandle {
  goTo(line: number, column: number): void
  replace(text: string): void
}

interface SourceEditorProps {
  readonly ref: Ref<SourceEditorHandle>
  readonly label: string
  /** What stands in it as it appears. */
  readonly text: string
  readonly onText: (text: string) => void
}

/** An editor for code, in a shadow root: there its styles are sheets of its own, which the page's policy allows. */
export function SourceEditor({ ref, label, text, onText }: SourceEditorProps) {
  const host = useRef<HTMLDivElement>(null)
  const editor = useRef<Editor>(undefined)
  const first = useRef({ text, onText })
  first.current.onText = onText

  useEffect(() => {
    if (host.current === null) return
    const made = createEditor(host.current, {
      label,
      text: first.current.text,
      onText: changed => first.current.onText(changed),
    })
    editor.current = made
    return () => {
      first.current.text = made.text()
      made.destroy()
    }
  }, [label])

  useImperativeHandle(ref, () => ({
    goTo: (line, column) => editor.current?.goTo(line, column),
    replace: next => editor.current?.replace(next),
  }))

  return <div ref={host} className="h-[30rem] overflow-hidden rounded-xl border border-edge bg-sheet" />
}
