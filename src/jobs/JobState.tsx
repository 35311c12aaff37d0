import type { JobDetail } from '../../protocol/jobs.ts'
import { expectedReplicas } from '../../protocol/jobs.ts'
import { agreementOf } from '../components/agreement.ts'
import { shareOf } from '../components/JobProgress.tsx'
import { Section } from '../components/Section.tsx'
import type { Format } from '../format.ts'
import type { JobMessages } from '../messages/job-en.ts'
import { useJobMessages } from '../messages/use-job-messages.ts'
import { useMessages } from '../messages/use-messages.ts'
import { useNetwork } from '../queries/network.ts'
import { type Estimate, estimateEnd, judgedOf, roundEstimate } from './estimate-end.ts'
import { PartsBar } from './PartsBar.tsx'
import { partClass } from './part-class.ts'
import { useSamples } from './use-samples.ts'

/** Where a job stands, in a sentence, and how far it is, in a bar; when it may end, and whether its budget lasts. */
export function JobState({ job, title, toldAt }: { job: JobDetail; title: string; toldAt: number }) {
  const { t, format } = useMessages()
  const j = useJobMessages()
  const samples = useSamples(job, toldAt)
  const activeDevices = useNetwork().query.data?.activeDevices
  const estimate = estimateText(j, estimateEnd(job, samples, activeDevices))
  const agreement = agreementOf(job)
  const share = shareOf(job.accepted, job.tasks)
  const text = j.progressText(job.accepted, job.tasks, job.failed, job.disputed)
  const paysFor = tasksPaidFor(job)
  return (
    <Section title={j.progress}>
      <p className="measure mb-4">{stateText(j, format, job)}</p>
      <div className="figures">
        <p className="mb-1.5 flex justify-between gap-4">
          <span>{t.projects.progress(job.accepted, job.tasks)}</span>
          <span className="whitespace-nowrap text-soft">{format.share(share)}</span>
        </p>
        <PartsBar
          label={j.progressBar(title)}
          text={text}
          parts={(['accepted', 'failed', 'disputed'] as const).map(name => ({
            name,
            share: shareOf(job[name], job.tasks),
            className: partClass[name],
          }))}
        />
        <div className="mt-2 text-sm text-soft">
          {estimate !== undefined && <p>{estimate}</p>}
          {paysFor !== undefined && <p className="text-alert">{j.budgetEnds(`${paysFor.tasks}`, `${paysFor.left}`)}</p>}
          {agreement !== undefined && (
            <p>{j.agreement(format.percent(agreement, Number.isInteger(agreement) ? 0 : 2))}</p>
          )}
        </div>
      </div>
    </Section>
  )
}

function stateText(j: JobMessages, format: Format, { state, deadline }: JobDetail): string {
  return state === 'overdue' ? j.state.overdue(deadline ? format.dateTime(deadline) : '–') : j.state[state]
}

function estimateText(j: JobMessages, estimate: Estimate): string | undefined {
  switch (estimate.kind) {
    case 'none':
      return undefined
    case 'about':
      return j.estimate.about(roundEstimate(estimate.remainingMs))
    case 'quiet':
      return j.estimate.quiet(estimate.sinceMs)
    default:
      return j.estimate[estimate.kind]
  }
}

/** How many tasks the rest of the budget pays for; undefined where it is enough for all. */
function tasksPaidFor(job: JobDetail): { tasks: bigint; left: bigint } | undefined {
  const { budgetCredits, spentCredits, creditPerTask, policy, state } = job
  const left = BigInt(job.tasks) - judgedOf(job)
  if (state !== 'active' || budgetCredits === undefined || left <= 0n) return undefined
  const tasks = BigInt(
    Math.floor(Math.max(0, budgetCredits - spentCredits) / (creditPerTask * expectedReplicas(policy))),
  )
  return tasks < left ? { tasks, left } : undefined
}
