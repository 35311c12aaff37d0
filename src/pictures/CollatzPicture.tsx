import * as z from 'zod/mini'
import { CollatzParameters, type CollatzSummary } from '../../wasm/collatz-records/descriptor.ts'
import { AxisX, AxisY } from '../charts/Axis.tsx'
import { Chart, type Plot } from '../charts/Chart.tsx'
import { linearScale, log10Of, powerTicks } from '../charts/scale.ts'
import { FigureTable } from '../components/FigureTable.tsx'
import { useMessages } from '../messages/use-messages.ts'
import { useAccount } from '../queries/use-account.ts'
import type { PictureProps } from './KernelPicture.tsx'
import { ownFinds, rememberFinds } from './own-finds.ts'

const Count = z.string().check(z.regex(/^[1-9]\d*$/))
const Summary: z.ZodMiniType<Pick<CollatzSummary, 'records' | 'tasks'>> = z.object({
  records: z.array(z.object({ start: Count, maximum: Count })),
  tasks: z.int(),
})

const height = 360
const margin = { top: 26, right: 14, bottom: 40, left: 46 }

/** Path records on logarithmic axes: each start that climbed higher than all before it, and how high. */
export function CollatzPicture({ job }: PictureProps) {
  const { t, format } = useMessages()
  const account = useAccount().data
  const { records, tasks } = Summary.parse(job.summary)
  const own =
    account?.kind === 'known'
      ? rememberFinds(
          `${account.account.accountId}.${job.id}.${job.createdAt}`,
          ownFinds(
            job,
            account.account.results,
            records.map(({ start }) => start),
          ),
        )
      : new Set<string>()
  const points = records.map(({ start, maximum }) => ({
    start,
    x: log10Of(start),
    y: log10Of(maximum),
    isOwn: own.has(start),
  }))
  const last = points.at(-1)
  const startsPerTask = CollatzParameters.safeParse(job.parameters).data?.startsPerTask ?? 0

  function draw({ width }: Plot) {
    const xDomain = { from: 0, to: Math.max(1, last?.x ?? 1) * 1.04 }
    const yDomain = { from: 0, to: Math.max(1, last?.y ?? 1) * 1.06 }
    const x = linearScale(xDomain, { from: margin.left, to: width - margin.right })
    const y = linearScale(yDomain, { from: height - margin.bottom, to: margin.top })
    // The height of a record grows about as the square of its start: twice as steep on these axes.
    const squareEnd = Math.min(xDomain.to, yDomain.to / 2)
    return (
      <>
        <AxisY
          ticks={powerTicks(yDomain, 7)}
          scale={y}
          label={format.power}
          at={margin.left}
          to={width - margin.right}
        />
        <AxisX
          ticks={powerTicks(xDomain, width < 480 ? 5 : 11)}
          scale={x}
          label={format.power}
          at={height - margin.bottom}
          to={height - margin.bottom + 4}
        />
        <text x={width - margin.right} y={height - 4} textAnchor="end" className="fill-soft">
          {t.picture.collatz.axisX}
        </text>
        <text x={margin.left} y={12} className="fill-soft">
          {t.picture.collatz.axisY}
        </text>
        <line
          x1={x(0)}
          y1={y(0)}
          x2={x(squareEnd)}
          y2={y(2 * squareEnd)}
          className="stroke-edge"
          strokeDasharray="2 4"
        />
        {/* At the low end, beneath the line: nothing new is ever found there, so no mark and no label comes near. */}
        <text x={x(1.2) + 8} y={y(2.4) + 20} className="fill-soft italic">
          {t.picture.collatz.square}
        </text>
        <path
          d={points.map((point, at) => `${at === 0 ? `M${x(point.x)} ` : `H${x(point.x)}V`}${y(point.y)}`).join('')}
          className="fill-none stroke-tide opacity-60"
          strokeWidth="1"
        />
        {points.map(point => (
          <circle
            key={point.start}
            cx={x(point.x)}
            cy={y(point.y)}
            r={point.isOwn ? 4 : 2.75}
            className={point.isOwn ? 'fill-paper stroke-ink' : 'fill-tide'}
            strokeWidth="2"
          />
        ))}
        {last !== undefined && (
          <text
            x={x(last.x) + 4}
            y={y(last.y) - 10}
            textAnchor="end"
            className="fill-ink stroke-paper font-semibold"
            strokeWidth="4"
            paintOrder="stroke"
          >
            {format.integer(last.start)}
          </text>
        )}
      </>
    )
  }

  return (
    <>
      <p className="figures mb-2 flex flex-wrap gap-x-6 text-sm text-soft">
        <span>{t.picture.collatz.searched(String(BigInt(tasks) * BigInt(startsPerTask)))}</span>
        {/* Its place is kept, so that the first find of one's own moves nothing. */}
        <span className={`flex items-center gap-2 ${own.size === 0 ? 'invisible' : ''}`}>
          <span aria-hidden="true" className="size-2.5 rounded-full border-2 border-ink" />
          {t.picture.own}
        </span>
      </p>
      <Chart
        title={t.picture.collatz.title}
        alt={t.picture.collatz.alt(records.length, format.integer(last?.start ?? '0'))}
        height={height}
        table={
          <FigureTable
            caption={t.picture.collatz.title}
            columns={[t.picture.collatz.start, t.picture.collatz.maximum, t.picture.collatz.ownColumn]}
            rows={records
              .toReversed()
              .map(({ start, maximum }) => [
                format.integer(start),
                format.integer(maximum),
                own.has(start) ? t.picture.collatz.yes : t.picture.collatz.no,
              ])}
          />
        }
      >
        {draw}
      </Chart>
    </>
  )
}
