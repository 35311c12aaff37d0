import type { Scale } from './scale.ts'

interface AxisProps {
  readonly ticks: readonly number[]
  readonly scale: Scale
  readonly label: (tick: number) => string
  /** Where the axis lies: its y for a horizontal one, its x for a vertical one. */
  readonly at: number
  /** How far the fine lines reach over the plot. */
  readonly to: number
}

/** Labels under the plot, with a short stroke each. */
export function AxisX({ ticks, scale, label, at, to }: AxisProps) {
  return (
    <g>
      {ticks.map(tick => (
        <g key={tick} transform={`translate(${scale(tick)} 0)`}>
          <line y1={at} y2={to} className="stroke-line" strokeWidth="1" />
          <text y={at + 16} textAnchor="middle" className="fill-soft">
            {label(tick)}
          </text>
        </g>
      ))}
    </g>
  )
}

/** Labels left of the plot, with a fine line through it each. */
export function AxisY({ ticks, scale, label, at, to }: AxisProps) {
  return (
    <g>
      {ticks.map(tick => (
        <g key={tick} transform={`translate(0 ${scale(tick)})`}>
          <line x1={at} x2={to} className="stroke-line" strokeWidth="1" />
          <text x={at - 6} dy="0.32em" textAnchor="end" className="fill-soft">
            {label(tick)}
          </text>
        </g>
      ))}
    </g>
  )
}
