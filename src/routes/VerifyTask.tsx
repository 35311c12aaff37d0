import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { RefusedError } from '../../protocol/errors.ts'
import { TaskId } from '../../protocol/ids.ts'
import { programKernelId } from '../../protocol/kernel.ts'
import type { Receipt } from '../../protocol/tasks.ts'
import { Loaded } from '../components/Loaded.tsx'
import { NotFound } from '../components/NotFound.tsx'
import { PageHead } from '../components/PageHead.tsx'
import { ReceiptFacts } from '../components/ReceiptFacts.tsx'
import { ReplicaTable } from '../components/ReplicaTable.tsx'
import { Rerun } from '../components/Rerun.tsx'
import { Section } from '../components/Section.tsx'
import { Skeleton } from '../components/Skeleton.tsx'
import { AcceptedOutput } from '../jobs/AcceptedOutput.tsx'
import { GivenInput } from '../jobs/GivenInput.tsx'
import type { Messages } from '../messages/en.ts'
import { useMessages } from '../messages/use-messages.ts'
import { receiptQuery } from '../queries/tasks.ts'

export function VerifyTask() {
  const { t } = useMessages()
  const id = TaskId.safeParse(useParams({ from: '/verify/$taskId' }).taskId)
  if (!id.success) return <NotFound title={t.verify.notFoundTitle} text={t.verify.invalid} />
  return <KnownTask id={id.data} />
}

function KnownTask({ id }: { id: TaskId }) {
  const { t } = useMessages()
  const query = useQuery(receiptQuery(id))
  if (query.error instanceof RefusedError && query.error.problem.code === 'NotFoundError')
    return <NotFound title={t.verify.notFoundTitle} text={t.verify.notFound} />
  return (
    <>
      <PageHead
        title={t.verify.receipt(id)}
        lead={query.data ? verdictText(t, query.data) : <span className="skeleton inline-block h-5 w-72 max-w-full" />}
      />
      <Loaded query={query} skeleton={<Skeleton lines={8} className="h-9 w-full" />}>
        {receipt => (
          <>
            {/* A receipt of another task starts with a comparison of its own. */}
            <Rerun key={receipt.taskId} receipt={receipt} />
            <ReceiptFacts receipt={receipt} />
            {receipt.kernelId === programKernelId && <GivenInput input={receipt.input} />}
            {receipt.output !== undefined && <AcceptedOutput kernelId={receipt.kernelId} output={receipt.output} />}
            <Section title={t.verify.replicas}>
              <ReplicaTable receipt={receipt} />
            </Section>
          </>
        )}
      </Loaded>
    </>
  )
}

function verdictText(t: Messages, { verdict, policy, replicas }: Receipt): string {
  switch (verdict.state) {
    case 'pending':
      return t.verify.verdict.pending
    case 'accepted': {
      const agreeing = replicas.filter(({ result }) => result.agrees).length
      return t.verify.verdict.accepted(agreeing, replicas.length, verdict.certainty, policy)
    }
    case 'disputed':
      return t.verify.verdict.disputed(replicas.length)
    case 'failed':
      return t.verify.verdict.failed(verdict.reason)
  }
}
