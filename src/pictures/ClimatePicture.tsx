import * as z from 'zod/mini'
import type { ClimateSummary } from '../../wasm/climate-ebm/descriptor.ts'
import { responseBins, sensitivityBins } from '../../wasm/climate-ebm/output.ts'
import { FigureTable } from '../components/FigureTable.tsx'
import { useMessages } from '../messages/use-messages.ts'
import { coarser, quantileOf } from './histogram.ts'
import type { PictureProps } from './KernelPicture.tsx'
import { WarmingChart } from './WarmingChart.tsx'

const Summary: z.ZodMiniType<Pick<ClimateSummary, 'sets' | 'sensitivity' | 'response'>> = z.object({
  sets: z.int(),
  sensitivity: z.array(z.int()),
  response: z.array(z.int()),
})

const shares = [0.05, 0.5, 0.95] as const

/** Two histograms on one axis: the warming in the end, and the warming on the way there. */
export function ClimatePicture({ job }: PictureProps) {
  const { t, format } = useMessages()
  const { sets, sensitivity, response } = Summary.parse(job.summary)
  const equilibrium = { binWidth: 1 / sensitivityBins.perKelvin, counts: sensitivity }
  const transient = { binWidth: 1 / responseBins.perKelvin, counts: response }
  // Both end where the wider one has a thousandth left, so that the same place means the same warming.
  const kelvins = Math.ceil(quantileOf(equilibrium, 0.998) ?? 10)
  const charts = [
    {
      name: t.picture.climate.transient,
      hint: t.picture.climate.transientHint,
      histogram: coarser(transient, 2),
      exact: transient,
    },
    {
      name: t.picture.climate.equilibrium,
      hint: t.picture.climate.equilibriumHint,
      histogram: equilibrium,
      exact: equilibrium,
    },
  ].map(chart => ({ ...chart, quantiles: shares.map(share => ({ share, kelvin: quantileOf(chart.exact, share) })) }))

  return (
    <>
      <p className="figures mb-4 text-sm text-soft">{t.picture.climate.total(sets)}</p>
      <div className="grid grid-cols-1 gap-8">
        {charts.map(({ name, hint, histogram, quantiles }) => (
          <div key={name}>
            <p className="mb-1 flex flex-wrap items-baseline gap-x-3">
              <span className="font-semibold">{name}</span>
              <span className="text-sm text-soft">{hint}</span>
            </p>
            <WarmingChart name={name} histogram={histogram} quantiles={quantiles} kelvins={kelvins} />
          </div>
        ))}
      </div>
      <FigureTable
        caption={t.picture.climate.caption}
        columns={['', ...charts.map(({ name }) => name)]}
        rows={[
          ...shares.map((share, at) => [
            t.picture.climate.quantile(share),
            ...charts.map(({ quantiles }) => kelvinText(quantiles[at]?.kelvin)),
          ]),
          ...kelvinSteps(kelvins).map(([from, to]) => [
            t.picture.climate.between(from, to),
            ...charts.map(({ exact }) => format.integer(countBetween(exact, from, to))),
          ]),
        ]}
      />
    </>
  )

  function kelvinText(kelvin: number | undefined): string {
    return kelvin === undefined ? '–' : t.picture.climate.kelvin(kelvin)
  }
}

/** Half a kelvin each: fine enough to read, short enough to scroll. */
const kelvinSteps = (kelvins: number): [number, number][] =>
  Array.from({ length: kelvins * 2 }, (_, at) => [at / 2, (at + 1) / 2])

const countBetween = (
  { binWidth, counts }: { binWidth: number; counts: readonly number[] },
  from: number,
  to: number,
) => counts.slice(Math.round(from / binWidth), Math.round(to / binWidth)).reduce((sum, count) => sum + count, 0)
