import { useEffect, useMemo, useState } from 'react'
import { useMessages } from '../../messages/use-messages.ts'
import { usePostMessages } from '../../messages/use-post-messages.ts'
import { type HexRow, lookAt } from '../../posting/look-at-bytes.ts'
import { CodeBox } from './CodeBox.tsx'

/** Bytes by eye: a picture, a text, or hexadecimal. */
export function Bytes({ label, bytes }: { label: string; bytes: Uint8Array<ArrayBuffer> }) {
  const p = usePostMessages()
  const { format } = useMessages()
  const look = useMemo(() => lookAt(bytes), [bytes])
  return (
    <figure className="min-w-0">
      <figcaption className="mb-1 text-sm text-soft">
        {label} · {format.bytes(bytes.length)}
      </figcaption>
      {look.kind === 'empty' && <p className="text-soft">{p.bytes.empty}</p>}
      {look.kind === 'image' && <Picture label={label} mime={look.mime} bytes={bytes} />}
      {look.kind === 'text' && <CodeBox isWrapped>{look.text}</CodeBox>}
      {look.kind === 'hex' && <Hex rows={look.rows} />}
      {'isCut' in look && look.isCut && <p className="mt-1 text-sm text-soft">{p.bytes.cut}</p>}
    </figure>
  )
}

/** Hexadecimal with what reads as text beside it. `marked`: the place of a byte to point at. */
export function Hex({ rows, marked }: { rows: readonly HexRow[]; marked?: number }) {
  return (
    <CodeBox>
      {rows.map(({ at, hex, text }) => (
        <span key={at} className="block whitespace-pre">
          <span className="text-soft">{at.toString(16).padStart(6, '0')} </span>
          {marked !== undefined && marked >= at && marked < at + 16 ? (
            <>
              {hex.slice(0, 3 * (marked - at))}
              <mark className="rounded-sm bg-lamp text-on-lamp">
                {hex.slice(3 * (marked - at), 3 * (marked - at) + 2)}
              </mark>
              {hex.slice(3 * (marked - at) + 2).padEnd(48 - (3 * (marked - at) + 2))}
            </>
          ) : (
            hex.padEnd(48)
          )}
          <span className="text-soft">{text}</span>
        </span>
      ))}
    </CodeBox>
  )
}

function Picture({ label, mime, bytes }: { label: string; mime: string; bytes: Uint8Array<ArrayBuffer> }) {
  const [url, setUrl] = useState<string>()
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([bytes], { type: mime }))
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [bytes, mime])
  return url && <img src={url} alt={label} className="max-h-80 max-w-full rounded-md border border-line" />
}
