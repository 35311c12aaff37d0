import { lazy, Suspense, useRef, useState } from 'react'
import { useMessages } from '../../messages/use-messages.ts'
import { usePostMessages } from '../../messages/use-post-messages.ts'
import { compileSource, type SourceProblem } from '../../posting/compiler.ts'
import { exampleKernel } from '../../posting/example-kernel.ts'
import { usePosting } from '../../posting/posting-context.ts'
import { takeModule } from '../../posting/take-module.ts'
import { Button } from '../Button.tsx'
import { ModuleFacts } from './ModuleFacts.tsx'
import { Note } from './Note.tsx'
import type { SourceEditorHandle } from './SourceEditor.tsx'

const SourceEditor = lazy(async () => ({ default: (await import('./SourceEditor.tsx')).SourceEditor }))

type Compiling =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running' }
  | { readonly kind: 'problems'; readonly problems: readonly SourceProblem[] }
  | { readonly kind: 'refused'; readonly reason: string }

/** A program written in the page and compiled in it. */
export function SourceProgram() {
  const { t } = useMessages()
  const p = usePostMessages()
  const { draft, dispatch, store } = usePosting()
  const { source, compiled } = draft.program
  const [compiling, setCompiling] = useState<Compiling>({ kind: 'idle' })
  const editor = useRef<SourceEditorHandle>(null)

  async function compile() {
    setCompiling({ kind: 'running' })
    try {
      const made = await compileSource(source)
      if (made.kind === 'refused') return setCompiling({ kind: 'problems', problems: made.problems })
      const taken = await takeModule(store, 'kernel.wasm', new Blob([made.module]))
      if (taken.kind === 'refused') return setCompiling(taken)
      dispatch({ kind: 'program', change: { compiled: { module: taken.module, source } } })
      setCompiling({ kind: 'idle' })
    } catch (cause) {
      setCompiling({ kind: 'refused', reason: p.source.broken(cause instanceof Error ? cause.message : String(cause)) })
    }
  }

  const isFresh = compiled?.source === source
  return (
    <div className="grid gap-5">
      <p className="measure text-soft">
        {p.source.lead}{' '}
        <a href={p.source.languageUrl} rel="noreferrer" target="_blank" className="link">
          {p.source.language}
        </a>
      </p>
      <Suspense fallback={<div className="skeleton h-[30rem]" />}>
        <SourceEditor
          ref={editor}
          label={p.source.label}
          text={source}
          onText={text => dispatch({ kind: 'program', change: { source: text } })}
        />
      </Suspense>
      <div className="flex flex-wrap items-center gap-3">
        <Button kind={isFresh ? 'plain' : 'lamp'} disabled={compiling.kind === 'running'} onClick={compile}>
          {compiling.kind === 'running' ? p.source.compiling : p.source.compile}
        </Button>
        {source !== exampleKernel && (
          <Button kind="bare" onClick={() => editor.current?.replace(exampleKernel)}>
            {p.source.example}
          </Button>
        )}
        <p className="text-sm text-soft">{p.source.once}</p>
      </div>
      <div role="status" className="grid gap-4 empty:hidden">
        {compiling.kind === 'refused' && <Note kind="alert">{compiling.reason}</Note>}
        {compiling.kind === 'problems' && (
          <Note kind="alert">
            <p className="font-semibold">{p.source.problems(compiling.problems.length)}</p>
            <ul className="mt-1 grid gap-1">
              {compiling.problems.map(({ line, column, message }) => (
                <li key={`${line}:${column}:${message}`}>
                  {line !== undefined && column !== undefined && (
                    <button
                      type="button"
                      className="link figures min-h-8 pr-2"
                      onClick={() => editor.current?.goTo(line, column)}
                    >
                      {p.source.place(line, column)}
                    </button>
                  )}
                  {message}
                </li>
              ))}
            </ul>
          </Note>
        )}
        {compiled !== undefined && !isFresh && compiling.kind === 'idle' && <Note>{p.source.stale}</Note>}
      </div>
      {compiled !== undefined && isFresh && <ModuleFacts module={compiled.module} />}
      <span className="sr-only">{compiling.kind === 'running' ? t.loading : ''}</span>
    </div>
  )
}
