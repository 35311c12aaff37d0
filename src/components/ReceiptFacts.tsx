import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { fromBase64Url } from '../../protocol/bytes.ts'
import { programKernelId } from '../../protocol/kernel.ts'
import type { Receipt } from '../../protocol/tasks.ts'
import { useMessages } from '../messages/use-messages.ts'
import { jobsQuery } from '../queries/jobs.ts'
import { DigestText } from './DigestText.tsx'
import { Fact, Facts } from './Facts.tsx'
import { jobTitle } from './job-title.ts'
import { Section } from './Section.tsx'
import { taskSentence } from './task-sentence.ts'

/** What was computed, from what, by which program, and what came out. */
export function ReceiptFacts({ receipt }: { receipt: Receipt }) {
  const { t, format, language } = useMessages()
  const jobs = useQuery(jobsQuery()).data?.jobs ?? []
  const { verdict, judgedAt } = receipt
  const job = jobs.find(({ id }) => id === receipt.jobId)
  const isProject = receipt.kernelId !== programKernelId && job?.posterId === undefined
  return (
    <Section title={t.verify.facts}>
      <p className="measure mb-4">{taskSentence({ t, language, jobs, taskId: receipt.taskId })}</p>
      <Facts>
        <Fact name={t.verify.job}>
          <Link
            to={isProject ? '/projects/$id' : '/jobs/$id'}
            params={{ id: receipt.jobId }}
            className="link [overflow-wrap:anywhere]"
          >
            {jobTitle(t, language, job ?? receipt)}
          </Link>
        </Fact>
        <Fact name={t.verify.kernel}>
          <DigestText digest={receipt.kernelDigest} />
        </Fact>
        <Fact name={t.verify.input}>
          <DigestText digest={receipt.inputDigest} />
          <span className="block text-sm text-soft">{format.bytes(fromBase64Url(receipt.input).length)}</span>
        </Fact>
        {verdict.state === 'accepted' && (
          <Fact name={t.verify.output}>
            <DigestText digest={verdict.digest} />
            {receipt.output !== undefined && (
              <span className="block text-sm text-soft">{format.bytes(fromBase64Url(receipt.output).length)}</span>
            )}
          </Fact>
        )}
        {judgedAt !== undefined && <Fact name={t.verify.judged}>{format.dateTime(judgedAt)}</Fact>}
        <Fact name={t.verify.credit}>{t.verify.creditEach(receipt.credit)}</Fact>
      </Facts>
    </Section>
  )
}
