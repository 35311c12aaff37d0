import { AxisX } from '../charts/Axis.tsx'
import { Chart, type Plot } from '../charts/Chart.tsx'
import { linearScale, linearTicks } from '../charts/scale.ts'
import { useMessages } from '../messages/use-messages.ts'
import type { Histogram } from './histogram.ts'

interface Quantile {
  readonly share: number
  readonly kelvin: number | undefined
}

interface WarmingChartProps {
  readonly name: string
  readonly histogram: Histogram
  readonly quantiles: readonly Quantile[]
  /** Where the axis ends. */
  readonly kelvins: number
}

const height = 190
/** Where the leftmost label ends at least: it may reach into the page's margin, but not past it. */
const labelEnd = 53
const margin = { top: 40, right: 12, bottom: 24, left: 12 }

/** One histogram as a hill, with its quantiles as labelled lines. */
export function WarmingChart({ name, histogram, quantiles, kelvins }: WarmingChartProps) {
  const { t, format } = useMessages()
  const { binWidth } = histogram
  const counts = histogram.counts.slice(0, Math.min(histogram.counts.length - 1, Math.round(kelvins / binWidth)))
  const text = (at: number) => {
    const kelvin = quantiles[at]?.kelvin
    return kelvin === undefined ? '–' : t.picture.climate.kelvin(kelvin)
  }

  function draw({ width }: Plot) {
    const floor = height - margin.bottom
    const x = linearScale({ from: 0, to: kelvins }, { from: margin.left, to: width - margin.right })
    const y = linearScale({ from: 0, to: Math.max(1, ...counts) }, { from: floor, to: margin.top })
    const hill = counts.map((count, bin) => `V${y(count)}H${x((bin + 1) * binWidth)}`).join('')
    return (
      <>
        <path d={`M${x(0)} ${floor}${hill}V${floor}Z`} className="fill-foam" />
        <path d={`M${x(0)} ${floor}${hill}V${floor}`} className="fill-none stroke-tide" strokeWidth="1.25" />
        <line x1={margin.left} x2={width - margin.right} y1={floor} y2={floor} className="stroke-edge" />
        <AxisX
          ticks={linearTicks({ from: 0, to: kelvins }, width < 480 ? 5 : 10)}
          scale={x}
          label={kelvin => `${format.integer(kelvin)} K`}
          at={floor}
          to={floor + 4}
        />
        {quantiles.map(({ share, kelvin }, at) => {
          if (kelvin === undefined) return undefined
          const isMiddle = at === 1
          const anchor = isMiddle ? 'middle' : at === 0 ? 'end' : 'start'
          const top = isMiddle ? 2 : 30
          const offset = isMiddle ? 0 : at === 0 ? -4 : 4
          return (
            <g key={share}>
              <line
                x1={x(kelvin)}
                x2={x(kelvin)}
                y1={isMiddle ? 22 : top + 16}
                y2={floor}
                className="stroke-ink"
                strokeDasharray={isMiddle ? undefined : '3 3'}
              />
              <text
                x={at === 0 ? Math.max(labelEnd, x(kelvin) + offset) : x(kelvin) + offset}
                y={top + 12}
                textAnchor={anchor}
                className="fill-ink"
              >
                <tspan className="fill-soft">{t.picture.climate.quantile(share)} </tspan>
                <tspan className="font-semibold">{t.picture.climate.kelvin(kelvin)}</tspan>
              </text>
            </g>
          )
        })}
      </>
    )
  }

  return (
    <Chart title={name} alt={t.picture.climate.alt(name, text(0), text(1), text(2))} height={height}>
      {draw}
    </Chart>
  )
}
