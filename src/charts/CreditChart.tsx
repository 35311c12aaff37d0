import type { Account } from '../../protocol/account.ts'
import { FigureTable } from '../components/FigureTable.tsx'
import { useMessages } from '../messages/use-messages.ts'
import { AxisY } from './Axis.tsx'
import { Chart, type Plot } from './Chart.tsx'
import { linearScale, linearTicks } from './scale.ts'

const height = 180
const margin = { top: 14, right: 10, bottom: 24, left: 44 }

/** A first result alone would otherwise be a line without width. */
const shortestMs = 60_000

interface CreditChartProps {
  readonly history: Account['creditHistory']
  /** When the history was asked for: the last stair reaches as far. */
  readonly now: number
}

/** Cumulative credit as stairs: it rises when a result is accepted, never in between. */
export function CreditChart({ history, now }: CreditChartProps) {
  const { t, format } = useMessages()
  const first = history.at(0)
  const last = history.at(-1)
  if (first === undefined || last === undefined)
    return (
      // The disclosure below the chart takes as much.
      <div className="mb-13">
        <p
          className="grid place-items-center border-y border-line px-4 text-center text-sm text-soft"
          style={{ height }}
        >
          {t.compute.creditChartEmpty}
        </p>
      </div>
    )

  const to = Math.max(now, Date.parse(last.at))
  const from = Math.min(Date.parse(first.at), to - shortestMs)

  function draw({ width }: Plot) {
    const x = linearScale({ from, to }, { from: margin.left, to: width - margin.right })
    const top = Math.max(...history.map(point => point.credit))
    const y = linearScale({ from: 0, to: top || 1 }, { from: height - margin.bottom, to: margin.top })
    const steps = history.map(({ at, credit }) => `H${x(Date.parse(at))}V${y(credit)}`).join('')
    const stairs = `M${x(from)} ${y(0)}${steps}H${x(to)}`
    return (
      <>
        <AxisY
          ticks={linearTicks({ from: 0, to: top || 1 }, 4)}
          scale={y}
          label={tick => format.decimal(tick, top < 4 ? 1 : 0)}
          at={margin.left}
          to={width - margin.right}
        />
        <path d={`${stairs}V${y(0)}Z`} className="fill-foam" />
        <path d={stairs} className="fill-none stroke-tide" strokeWidth="1.75" strokeLinejoin="round" />
        <circle cx={x(to)} cy={y(last?.credit ?? 0)} r="3.5" className="fill-tide" />
        {[from, to].map(end => (
          <text key={end} x={x(end)} y={height - 6} textAnchor={end === from ? 'start' : 'end'} className="fill-soft">
            {format.time(new Date(end).toISOString())}
          </text>
        ))}
      </>
    )
  }

  return (
    <Chart
      title={t.compute.creditChart}
      alt={t.compute.creditChartAlt(first.at, last.at, last.credit)}
      height={height}
      table={
        <FigureTable
          caption={t.compute.creditChart}
          columns={[t.compute.when, t.compute.credit]}
          rows={history.toReversed().map(({ at, credit }) => [format.dateTime(at), format.credit(credit)])}
        />
      }
    >
      {draw}
    </Chart>
  )
}
