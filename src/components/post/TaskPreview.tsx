import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useMessages } from '../../messages/use-messages.ts'
import { usePostMessages } from '../../messages/use-post-messages.ts'
import { commandLine } from '../../posting/command-line.ts'
import type { Prepared } from '../../posting/prepared.ts'
import { taskView } from '../../posting/task-view.ts'
import { Button } from '../Button.tsx'
import { Fact, Facts } from '../Facts.tsx'
import { Bytes } from './Bytes.tsx'

/** How many tasks there are, and exactly what one of them gets; any of them can be looked at. */
export function TaskPreview({ prepared }: { prepared: Extract<Prepared, { kind: 'upload' }> }) {
  const { format } = useMessages()
  const p = usePostMessages()
  const [wanted, setWanted] = useState(0n)
  const index = wanted < prepared.tasks ? wanted : 0n
  const sentBytes = prepared.blobs.reduce((sum, { blob }) => sum + blob.size, 0)
  const view = useQuery({
    queryKey: ['post', 'task', prepared.parameters, `${index}`],
    queryFn: () => taskView(prepared, index),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: previous => previous,
  })
  return (
    <section aria-labelledby="preview" className="rounded-xl border border-line bg-sheet p-5 sm:p-7">
      <h3 id="preview" className="text-lg font-semibold">
        {p.preview.title(prepared.tasks)}
      </h3>
      {sentBytes > 0 && <p className="mt-1 text-soft">{p.preview.sends(format.bytes(sentBytes))}</p>}
      <div className="my-4 flex flex-wrap items-center gap-3">
        <Button aria-label={p.preview.previous} disabled={index === 0n} onClick={() => setWanted(index - 1n)}>
          ←
        </Button>
        <Button
          aria-label={p.preview.next}
          disabled={index + 1n >= prepared.tasks}
          onClick={() => setWanted(index + 1n)}
        >
          →
        </Button>
        <p role="status" className="figures font-medium">
          {p.taskNumber(format.integer(index))}
        </p>
      </div>
      {view.error && <p className="text-alert">{view.error.message}</p>}
      {view.data !== undefined && (
        <Facts>
          {view.data.input.kind === 'wasi' && (
            <Fact name={p.preview.command}>
              <code className="font-mono text-sm">{commandLine(view.data.input.arguments)}</code>
            </Fact>
          )}
          <Fact name={view.data.input.kind === 'wasi' ? p.preview.stdin : p.preview.reactorInput}>
            <Bytes label={p.preview.bytes} bytes={view.data.piece} />
          </Fact>
          {view.data.input.files.length > 0 && (
            <Fact name={p.preview.files}>
              <ul className="font-mono text-sm">
                {view.data.input.files.map(({ path, bytes }) => (
                  <li key={path}>
                    /{path} <span className="text-soft">{format.bytes(bytes)}</span>
                  </li>
                ))}
              </ul>
            </Fact>
          )}
        </Facts>
      )}
    </section>
  )
}
