import { useState } from 'react'
import { useMessages } from '../../messages/use-messages.ts'
import { usePostMessages } from '../../messages/use-post-messages.ts'
import type { ShelfFile } from '../../posting/draft.ts'
import { usePosting } from '../../posting/posting-context.ts'
import { shelveFiles } from '../../posting/shelve-files.ts'
import { Button } from '../Button.tsx'
import { FileDrop } from './FileDrop.tsx'
import { Note } from './Note.tsx'

interface FileSetProps {
  readonly label: string
  readonly hint: string
  readonly files: readonly ShelfFile[]
  readonly onFiles: (files: ShelfFile[]) => void
}

const shownAtMost = 8

/** Any number of files, or those in an archive; what is chosen later joins what is there. */
export function FileSet({ label, hint, files, onFiles }: FileSetProps) {
  const p = usePostMessages()
  const { format } = useMessages()
  const { store } = usePosting()
  const [problem, setProblem] = useState<string>()
  const [isReading, setIsReading] = useState(false)

  async function take(chosen: readonly File[]) {
    setProblem(undefined)
    setIsReading(true)
    try {
      const taken = await shelveFiles(store, chosen)
      if (taken.kind === 'refused') return setProblem(taken.reason)
      const fresh = new Set(taken.files.map(({ path }) => path))
      onFiles([...files.filter(({ path }) => !fresh.has(path)), ...taken.files])
    } catch (cause) {
      setProblem(p.unreadable(cause instanceof Error ? cause.message : String(cause)))
    } finally {
      setIsReading(false)
    }
  }

  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  return (
    <div className="grid gap-4">
      <FileDrop label={label} hint={isReading ? p.reading : hint} isMultiple onFiles={take} />
      {problem !== undefined && <Note kind="alert">{problem}</Note>}
      {files.length > 0 && (
        <div>
          <div className="flex flex-wrap items-center justify-between gap-x-4">
            <p role="status" className="figures font-medium">
              {p.fileCount(files.length, format.bytes(bytes))}
            </p>
            <Button kind="bare" onClick={() => onFiles([])}>
              {p.removeAll}
            </Button>
          </div>
          <ul className="figures font-mono text-sm">
            {files.slice(0, shownAtMost).map(file => (
              <li key={file.id} className="flex items-center justify-between gap-4 border-t border-line py-0.5">
                <span className="min-w-0 [overflow-wrap:anywhere]">{file.path}</span>
                <span className="flex shrink-0 items-center gap-1">
                  <span className="text-soft">{format.bytes(file.bytes)}</span>
                  <Button
                    kind="bare"
                    className="px-3"
                    aria-label={p.remove(file.path)}
                    onClick={() => onFiles(files.filter(({ id }) => id !== file.id))}
                  >
                    ×
                  </Button>
                </span>
              </li>
            ))}
          </ul>
          {files.length > shownAtMost && (
            <p className="mt-1 text-sm text-soft">{p.andMore(files.length - shownAtMost)}</p>
          )}
        </div>
      )}
    </div>
  )
}
