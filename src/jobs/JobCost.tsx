import { expectedReplicas, type JobDetail } from '../../protocol/jobs.ts'
import { Fact, Facts } from '../components/Facts.tsx'
import { Section } from '../components/Section.tsx'
import { useJobMessages } from '../messages/use-job-messages.ts'
import { useMessages } from '../messages/use-messages.ts'

/** What the job has cost, as a sum that can be checked, and what it may cost. */
export function JobCost({ job }: { job: JobDetail }) {
  const { format } = useMessages()
  const j = useJobMessages()
  const { spentCredits, budgetCredits, creditPerTask, policy, tasks } = job
  const each = format.exact(creditPerTask)
  const replicas = expectedReplicas(policy)
  const expected = Number(tasks) * replicas * creditPerTask
  return (
    <Section title={j.cost.title}>
      <Facts>
        <Fact name={j.cost.paid}>
          {j.cost.sum(format.integer(Math.round(spentCredits / creditPerTask)), each, format.exact(spentCredits))}
        </Fact>
        <Fact name={j.cost.expected}>
          {j.cost.expectedSum(format.integer(tasks), format.integer(replicas), each, format.exact(expected))}
        </Fact>
        <Fact name={j.cost.budget}>
          {budgetCredits === undefined ? j.cost.noBudget : j.cost.total(format.exact(budgetCredits))}
        </Fact>
        {budgetCredits !== undefined && (
          <Fact name={j.cost.left}>{j.cost.total(format.exact(Math.max(0, budgetCredits - spentCredits)))}</Fact>
        )}
      </Facts>
      <p className="mt-2 text-sm text-soft">{j.cost.why}</p>
    </Section>
  )
}
