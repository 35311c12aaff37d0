import type { ReactNode } from 'react'
import { useJobMessages } from '../messages/use-job-messages.ts'
import { hexLines } from './hex-lines.ts'
import { ImagePreview } from './ImagePreview.tsx'
import type { NumberTable } from './number-table.ts'
import type { PreviewKind } from './preview-kind.ts'

/** More rows and bytes than these nobody reads on a page; the downloads have them all. */
const shownRows = 100
const shownHexBytes = 512

interface PreviewProps {
  /** What is shown, for those who hear it. */
  readonly name: string
  readonly preview: PreviewKind
  /** All that is here of it. */
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Length of the whole. */
  readonly size: number
}

/** Bytes that somebody's program wrote, in the form that a person sees most in. */
export function Preview({ name, preview, bytes, size }: PreviewProps) {
  const j = useJobMessages()
  const isWhole = bytes.length === size
  const note = isWhole ? undefined : j.preview.beginning(bytes.length, size)
  switch (preview.kind) {
    case 'empty':
      return <p className="text-soft">{j.preview.empty}</p>
    case 'image':
      return isWhole ? (
        <ImagePreview name={j.preview.image(name)} bytes={bytes} mediaType={preview.mediaType} />
      ) : (
        <p className="text-soft">{j.preview.imageCut(size)}</p>
      )
    case 'numbers': {
      const { rows } = preview.table
      const cut = rows.length > shownRows ? j.preview.rows(shownRows, rows.length) : undefined
      return (
        <Box name={j.preview.numbers(name)} note={note ?? cut}>
          <Numbers table={preview.table} />
        </Box>
      )
    }
    case 'text':
      return (
        <Box name={j.preview.text(name)} note={note}>
          {/* A direction that the text sets for itself stays inside of it. */}
          <pre className="px-3 py-2 font-mono text-sm whitespace-pre-wrap [overflow-wrap:anywhere] [unicode-bidi:isolate]">
            {preview.text}
          </pre>
        </Box>
      )
    case 'bytes':
      return (
        <Box
          name={j.preview.hex(name)}
          note={note ?? (size > shownHexBytes ? j.preview.beginning(shownHexBytes, size) : undefined)}
        >
          <pre className="px-3 py-2 font-mono text-xs leading-relaxed">
            {hexLines(bytes, shownHexBytes).map(({ offset, hex, ascii }) => (
              <span key={offset} className="block">
                <span className="text-soft">{offset}</span> {hex.padEnd(47)} <span className="text-soft">{ascii}</span>
              </span>
            ))}
          </pre>
        </Box>
      )
  }
}

function Box({ name, note, children }: { name: string; note: string | undefined; children: ReactNode }) {
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section aria-label={name} tabIndex={0} className="max-h-60 overflow-auto rounded-md border border-line bg-sheet">
        {children}
      </section>
      {note !== undefined && <p className="mt-1 text-sm text-soft">{note}</p>}
    </>
  )
}

function Numbers({ table: { header, rows } }: { table: NumberTable }) {
  return (
    <table className="figures min-w-40 border-collapse text-sm">
      {header !== undefined && (
        <thead className="sticky top-0 bg-sheet text-soft">
          <tr>
            {header.map((column, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place
              <th key={at} scope="col" className="px-4 py-1.5 text-right font-medium">
                {column}
              </th>
            ))}
          </tr>
        </thead>
      )}
      <tbody>
        {rows.slice(0, shownRows).map((row, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other identity
          <tr key={at} className="border-line not-first:border-t">
            {row.map((cell, column) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place
              <td key={column} className="px-4 py-1 text-right">
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
