import type { Account } from '../../protocol/account.ts'
import { FigureTable } from '../components/FigureTable.tsx'
import { useMessages } from '../messages/use-messages.ts'
import { AxisY } from './Axis.tsx'
import { Chart, type Plot } from './Chart.tsx'
import { linearScale, linearTicks } from './scale.ts'

const height = 180
const margin = { top: 14, right: 10, bottom: 24, left: 44 }

/** Cumulative credit as stairs: it rises when a result is accepted, never in between. */
export function CreditChart({ history }: { history: Account['creditHistory'] }) {
  const { t, format } = useMessages()
  const first = history.at(0)
  const last = history.at(-1)
  if (first === undefined || last === undefined)
    return (
      <p className="grid place-items-center border-y border-line px-4 text-center text-sm text-soft" style={{ height }}>
        {t.compute.creditChartEmpty}
      </p>
    )

  const times = history.map(({ at }) => Date.parse(at))
  const from = Math.min(...times)
  const to = Math.max(...times)

  function draw({ width }: Plot) {
    const x = linearScale({ from, to }, { from: margin.left, to: width - margin.right })
    const top = Math.max(...history.map(point => point.credit))
    const y = linearScale({ from: 0, to: top || 1 }, { from: height - margin.bottom, to: margin.top })
    const stairs = history
      .map(({ at, credit }, index) => {
        const place = x(Date.parse(at))
        return index === 0 ? `M${place} ${y(0)}V${y(credit)}` : `H${place}V${y(credit)}`
      })
      .join('')
    const ends = from === to ? [from] : [from, to]
    return (
      <>
        <AxisY
          ticks={linearTicks({ from: 0, to: top || 1 }, 4)}
          scale={y}
          label={tick => format.decimal(tick, top < 4 ? 1 : 0)}
          at={margin.left}
          to={width - margin.right}
        />
        <path d={`${stairs}V${y(0)}H${x(from)}Z`} className="fill-foam" />
        <path d={stairs} className="fill-none stroke-tide" strokeWidth="1.75" strokeLinejoin="round" />
        <circle cx={x(to)} cy={y(last?.credit ?? 0)} r="3.5" className="fill-tide" />
        {ends.map((end, index) => (
          <text
            key={end}
            x={x(end)}
            y={height - 6}
            textAnchor={ends.length === 1 ? 'middle' : index === 0 ? 'start' : 'end'}
            className="fill-soft"
          >
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
