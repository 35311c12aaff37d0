import { jobViewLimits } from '../../protocol/job-views.ts'
import type { JobDetail } from '../../protocol/jobs.ts'
import { buttonClass } from '../components/Button.tsx'
import { Section } from '../components/Section.tsx'
import { isOver } from '../components/shown-jobs.ts'
import { useJobMessages } from '../messages/use-job-messages.ts'

const formats = ['zip', 'ndjson', 'csv'] as const

/** What a download holds now: all, what there is so far, or what there was when the job stopped. */
function holdingOf({ state }: JobDetail): 'whole' | 'soFar' | 'stopped' {
  if (state === 'finished') return 'whole'
  return state === 'active' || state === 'paused' ? 'soFar' : 'stopped'
}

/** All accepted outputs to take along, and how to check them without this server. */
export function ResultDownloads({ job }: { job: JobDetail }) {
  const j = useJobMessages()
  const hasZip = BigInt(job.tasks) <= BigInt(jobViewLimits.zipTasks)
  const shown = hasZip ? formats : formats.slice(1)
  const name = (format: string) => `job-${job.id}-results.${format}`
  if (job.accepted === '0')
    return (
      <Section title={j.results.title}>
        <p className="text-soft">{isOver(job) ? j.results.noneOver : j.results.none}</p>
      </Section>
    )
  return (
    <Section title={j.results.title}>
      <p className="mb-4 text-soft">{j.results[holdingOf(job)]}</p>
      <p className="flex flex-wrap gap-3">
        {shown.map((format, place) => (
          <a
            key={format}
            href={`/api/jobs/${job.id}/results.${format}`}
            download={name(format)}
            className={buttonClass(place === 0 ? 'lamp' : 'plain')}
          >
            {j.results[format]}
          </a>
        ))}
        <a
          href={`/api/jobs/${job.id}/manifest.json`}
          download={`job-${job.id}-manifest.json`}
          className={buttonClass('plain')}
        >
          {j.results.manifest}
        </a>
      </p>
      {hasZip ? (
        <>
          <p className="mt-4 text-sm text-soft">{j.results.check}</p>
          <p className="mt-1 rounded-md bg-well px-3 py-2">
            <code className="font-mono text-sm [overflow-wrap:anywhere]">npx tidemill verify {name('zip')}</code>
          </p>
        </>
      ) : (
        <p className="mt-4 text-sm text-soft">{j.results.noZip(jobViewLimits.zipTasks)}</p>
      )}
      <p className="mt-3 text-sm text-soft">{j.results.secret}</p>
    </Section>
  )
}
