import { useState } from 'react'
import type { Compare } from '../../../protocol/jobs.ts'
import { usePostMessages } from '../../messages/use-post-messages.ts'
import { Button } from '../Button.tsx'
import { Choice } from './Choice.tsx'
import { TextField } from './TextField.tsx'

interface ToleranceOfferProps {
  readonly compare: Compare
  /** Length of an output; undefined where none is known. */
  readonly outputBytes: number | undefined
  readonly onCompare: (compare: Compare) => void
}

type ElementType = Extract<Compare, { kind: 'tolerance' }>['elementType']
const elementBytes: Readonly<Record<ElementType, number>> = { float32: 4, float64: 8 }

const isTolerance = (text: string, most: number): boolean =>
  text.trim() !== '' && Number(text) >= 0 && Number(text) <= most

/** For outputs that are arrays of floats: how much two of them may differ and still be the same answer. */
export function ToleranceOffer({ compare, outputBytes, onCompare }: ToleranceOfferProps) {
  const p = usePostMessages()
  const given = compare.kind === 'tolerance' ? compare : undefined
  const [elementType, setElementType] = useState<ElementType>(given?.elementType ?? 'float64')
  const [absolute, setAbsolute] = useState(String(given?.absolute ?? '1e-9'))
  const [relative, setRelative] = useState(String(given?.relative ?? '1e-6'))
  const types = (['float64', 'float32'] as const).filter(
    type => outputBytes === undefined || (outputBytes > 0 && outputBytes % elementBytes[type] === 0),
  )
  if (types.length === 0) return undefined
  const isReady = isTolerance(absolute, Number.MAX_VALUE) && isTolerance(relative, 1)
  return (
    <details open={given !== undefined}>
      <summary className="link inline-flex min-h-11 items-center">{p.tolerance.title}</summary>
      <div className="grid gap-4 pt-2">
        <p className="measure text-soft">{p.tolerance.text}</p>
        <Choice
          legend={p.tolerance.elements}
          columns={2}
          value={elementType}
          onChange={setElementType}
          options={types.map(value => ({ value, title: p.tolerance.types[value] }))}
        />
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            label={p.tolerance.absolute}
            value={absolute}
            inputMode="decimal"
            onChange={setAbsolute}
            problem={isTolerance(absolute, Number.MAX_VALUE) ? undefined : p.tolerance.absoluteWrong}
          />
          <TextField
            label={p.tolerance.relative}
            value={relative}
            inputMode="decimal"
            onChange={setRelative}
            problem={isTolerance(relative, 1) ? undefined : p.tolerance.relativeWrong}
          />
        </div>
        <div className="flex flex-wrap gap-3">
          <Button
            disabled={!isReady}
            onClick={() =>
              onCompare({ kind: 'tolerance', elementType, absolute: Number(absolute), relative: Number(relative) })
            }
          >
            {p.tolerance.check}
          </Button>
          {given !== undefined && (
            <Button kind="bare" onClick={() => onCompare({ kind: 'exact' })}>
              {p.tolerance.exact}
            </Button>
          )}
        </div>
      </div>
    </details>
  )
}
