import { type ReactNode, useId } from 'react'
import { useWidth } from './use-width.ts'

export interface Plot {
  readonly width: number
  readonly height: number
}

interface ChartProps {
  readonly title: string
  /** What the picture says, for people who do not see it. */
  readonly alt: string
  readonly height: number
  /** The same figures as a table, behind a disclosure. */
  readonly table?: ReactNode
  readonly children: (plot: Plot) => ReactNode
}

/** A figure as wide as its place: its height is reserved before anything is drawn. */
export function Chart({ title, alt, height, table, children }: ChartProps) {
  const id = useId()
  const [frame, width] = useWidth<HTMLDivElement>()
  return (
    <figure>
      <div ref={frame} style={{ height }}>
        {width > 0 && (
          <svg
            role="img"
            aria-labelledby={`${id}-title ${id}-alt`}
            viewBox={`0 0 ${width} ${height}`}
            width={width}
            height={height}
            className="figures overflow-visible text-xs"
          >
            <title id={`${id}-title`}>{title}</title>
            <desc id={`${id}-alt`}>{alt}</desc>
            {children({ width, height })}
          </svg>
        )}
      </div>
      {table}
    </figure>
  )
}
