import * as z from 'zod/mini'
import type { Job, JobDetail } from '../../protocol/jobs.ts'
import type { Language } from '../../protocol/kernel.ts'
import { findKernel } from '../../wasm/kernels.ts'
import type { Format } from '../format.ts'
import { useMessages } from '../messages/use-messages.ts'
import { buttonClass } from './Button.tsx'
import { DigestText } from './DigestText.tsx'
import { Fact, Facts } from './Facts.tsx'
import { Section } from './Section.tsx'

const Named = z.record(z.string(), z.unknown())

/** In the order of the kernel's own texts: the database keeps none. */
function inOrder(parameters: Record<string, unknown>, names: readonly string[]): [string, unknown][] {
  const rank = (name: string) => (names.includes(name) ? names.indexOf(name) : names.length)
  return Object.entries(parameters).sort(([one], [other]) => rank(one) - rank(other))
}

/** Parameters of a built-in kernel as the poster set them: name and value in words. */
export function parameterFacts(
  { kernelId, parameters }: Pick<Job, 'kernelId' | 'parameters'>,
  format: Format,
  language: Language,
): [string, string][] {
  const names = findKernel(kernelId)?.text[language].parameters ?? {}
  const given = Named.safeParse(parameters).data ?? {}
  return inOrder(given, Object.keys(names)).map(([name, value]) => [names[name] ?? name, parameterText(format, value)])
}

/** Parameters as the poster set them, the program, and the downloads. */
export function JobFacts({ job }: { job: JobDetail }) {
  const { t, format, language } = useMessages()
  const text = findKernel(job.kernelId)?.text[language]
  return (
    <div className="grid gap-x-14 lg:grid-cols-2">
      <Section title={t.project.parameters}>
        <Facts>
          {parameterFacts(job, format, language).map(([name, value]) => (
            <Fact key={name} name={name}>
              {value}
            </Fact>
          ))}
          <Fact name={t.project.creditName}>{t.project.credit(job.creditPerTask)}</Fact>
          <Fact name={t.project.disputed}>{format.integer(job.disputed)}</Fact>
          <Fact name={t.project.failed}>{format.integer(job.failed)}</Fact>
          <Fact name={t.project.posted}>{format.dateTime(job.createdAt)}</Fact>
        </Facts>
      </Section>
      <div>
        <Section title={t.project.results}>
          <p className="mb-4 text-soft">{t.project.resultsText}</p>
          <p className="flex flex-wrap gap-3">
            <a href={`/api/jobs/${job.id}/results.csv`} download className={buttonClass('plain')}>
              {t.project.csv}
            </a>
            <a href={`/api/jobs/${job.id}/results.json`} download className={buttonClass('plain')}>
              {t.project.json}
            </a>
          </p>
          {text !== undefined && (
            <details className="mt-3">
              <summary className="link inline-flex min-h-11 items-center text-sm">{t.project.columns}</summary>
              <Facts>
                {Object.entries(text.columns).map(([name, meaning]) => (
                  <Fact key={name} name={<code>{name}</code>}>
                    {meaning}
                  </Fact>
                ))}
              </Facts>
            </details>
          )}
        </Section>
        <Section title={t.project.kernel}>
          <p className="text-soft">{t.project.kernelText(job.kernelId, job.kernelBytes)}</p>
          <p className="mt-2 mb-3">
            <DigestText digest={job.kernelDigest} />
          </p>
          <a href={`/api/blobs/${job.kernelDigest}`} download={`${job.kernelId}.wasm`} className={buttonClass('plain')}>
            {t.project.download}
          </a>
        </Section>
      </div>
    </div>
  )
}

function parameterText(format: Format, value: unknown): string {
  if (typeof value === 'number') return Number.isInteger(value) ? format.integer(value) : String(value)
  if (typeof value === 'string') return /^\d+$/.test(value) ? format.integer(value) : value
  return JSON.stringify(value)
}
