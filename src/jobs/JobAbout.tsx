import type { JobDetail } from '../../protocol/jobs.ts'
import { programKernelId } from '../../protocol/kernel.ts'
import { ProgramParameters } from '../../protocol/program.ts'
import { findKernel } from '../../wasm/kernels.ts'
import { buttonClass } from '../components/Button.tsx'
import { DigestText } from '../components/DigestText.tsx'
import { Fact, Facts } from '../components/Facts.tsx'
import { parameterFacts } from '../components/JobFacts.tsx'
import { Section } from '../components/Section.tsx'
import { useJobMessages } from '../messages/use-job-messages.ts'
import { useMessages } from '../messages/use-messages.ts'
import { ProgramFacts } from './ProgramFacts.tsx'

/** What a job computes from what, with which program, and when an answer counts. */
export function JobAbout({ job }: { job: JobDetail }) {
  const { t, format, language } = useMessages()
  const j = useJobMessages()
  const text = findKernel(job.kernelId)?.text[language]
  return (
    <div className="grid gap-x-14 lg:grid-cols-2">
      <Section title={j.about.title}>
        <Facts>
          <Parameters job={job} />
          <Fact name={j.about.credit}>{j.about.creditSeconds(format.exact(job.creditPerTask))}</Fact>
          <Fact name={j.about.posted}>{format.dateTime(job.createdAt)}</Fact>
          <Fact name={j.about.deadline}>
            {job.deadline === undefined ? j.about.noDeadline : format.dateTime(job.deadline)}
          </Fact>
        </Facts>
      </Section>
      <div>
        <Section title={j.about.checked}>
          <p className="measure">{t.project.policy(job.policy)}</p>
          {text !== undefined && <p className="measure mt-3">{text.checked}</p>}
        </Section>
        <Section title={j.about.program}>
          {text !== undefined && <p className="mb-2">{text.title}</p>}
          <p className="text-soft">{j.about.programText(job.kernelBytes)}</p>
          <p className="mt-2 mb-3">
            <DigestText digest={job.kernelDigest} />
          </p>
          <a href={`/api/blobs/${job.kernelDigest}`} download={`${job.kernelId}.wasm`} className={buttonClass('plain')}>
            {j.about.download}
          </a>
        </Section>
      </div>
    </div>
  )
}

function Parameters({ job }: { job: JobDetail }) {
  const { format, language } = useMessages()
  const j = useJobMessages()
  if (job.kernelId !== programKernelId)
    return parameterFacts(job, format, language).map(([name, value]) => (
      <Fact key={name} name={name}>
        {value}
      </Fact>
    ))
  const parameters = ProgramParameters.safeParse(job.parameters)
  return parameters.success ? (
    <ProgramFacts parameters={parameters.data} tasks={job.tasks} />
  ) : (
    <Fact name={j.about.tasks}>{j.about.unknown}</Fact>
  )
}
