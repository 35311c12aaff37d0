import type { Stats } from '../../protocol/network.ts'
import { FigureTable } from '../components/FigureTable.tsx'
import { useMessages } from '../messages/use-messages.ts'
import { AxisX, AxisY } from './Axis.tsx'
import { Chart, type Plot } from './Chart.tsx'
import { lastHour } from './minutes.ts'
import { linearScale, linearTicks } from './scale.ts'

const height = 220
const margin = { top: 20, right: 4, bottom: 24, left: 40 }

/** A column for each minute: returned behind, accepted in front. */
export function MinuteChart({ perMinute, now }: { perMinute: Stats['perMinute']; now: number }) {
  const { t, format } = useMessages()
  const minutes = lastHour(perMinute, now)
  const first = minutes[0]?.at ?? now
  const last = minutes.at(-1)?.at ?? now
  const top = Math.max(1, ...minutes.flatMap(({ returned, accepted }) => [returned, accepted]))
  const sum = (key: 'returned' | 'accepted') => minutes.reduce((total, minute) => total + minute[key], 0)

  function draw({ width }: Plot) {
    const step = (width - margin.left - margin.right) / minutes.length
    const thick = Math.max(2, step - 2)
    const x = linearScale({ from: first, to: last }, { from: margin.left, to: width - margin.right - step })
    const floor = height - margin.bottom
    const y = linearScale({ from: 0, to: top }, { from: floor, to: margin.top })
    // Labels of a narrow plot would run into each other.
    const marks = (width < 480 ? [40, 20, 0] : [45, 30, 15, 0]).map(ago => last - ago * 60_000)
    return (
      <>
        <AxisY
          ticks={linearTicks({ from: 0, to: top }, 4).filter(Number.isInteger)}
          scale={y}
          label={format.integer}
          at={margin.left}
          to={width - margin.right}
        />
        {minutes.map(({ at, returned, accepted }) => (
          <g key={at}>
            <rect x={x(at)} y={y(returned)} width={thick} height={floor - y(returned)} className="fill-foam" />
            <rect x={x(at)} y={y(accepted)} width={thick} height={floor - y(accepted)} className="fill-tide" />
          </g>
        ))}
        <AxisX
          ticks={marks}
          scale={at => Math.min(x(at) + step / 2, width - 14)}
          label={at => t.minutesAgo(Math.round((last - at) / 60_000))}
          at={floor}
          to={floor + 4}
        />
        {sum('returned') === 0 && (
          <text x={(width + margin.left) / 2} y={height / 2} textAnchor="middle" className="fill-soft text-sm">
            {t.network.quiet}
          </text>
        )}
      </>
    )
  }

  return (
    <>
      <p aria-hidden="true" className="mb-1 flex gap-5 text-sm text-soft">
        <span className="flex items-center gap-2">
          <span className="size-3 bg-foam ring-1 ring-line ring-inset" /> {t.network.returnedSeries}
        </span>
        <span className="flex items-center gap-2">
          <span className="size-3 bg-tide" /> {t.network.acceptedSeries}
        </span>
      </p>
      <Chart
        title={t.network.perMinute}
        alt={t.network.perMinuteAlt(sum('returned'), sum('accepted'))}
        height={height}
        table={
          <FigureTable
            caption={t.network.perMinute}
            columns={[t.network.minute, t.network.returnedSeries, t.network.acceptedSeries]}
            rows={minutes
              .toReversed()
              .map(({ at, returned, accepted }) => [
                format.time(new Date(at).toISOString()),
                format.integer(returned),
                format.integer(accepted),
              ])}
          />
        }
      >
        {draw}
      </Chart>
    </>
  )
}
