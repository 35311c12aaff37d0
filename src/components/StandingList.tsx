import { useQuery } from '@tanstack/react-query'
import type { Digest } from '../../protocol/digest.ts'
import { programKernelId } from '../../protocol/kernel.ts'
import { useMessages } from '../messages/use-messages.ts'
import { jobsQuery } from '../queries/jobs.ts'
import { useAccount } from '../queries/use-account.ts'
import { jobTitle, kernelTitle } from './job-title.ts'
import { Section } from './Section.tsx'

/** How far this account is believed on each kernel, and whether it has to wait. Nothing before its first check. */
export function StandingList() {
  const { t, format, language } = useMessages()
  const own = useAccount().data
  const standing = own?.kind === 'known' ? own.account.standing : []
  const jobs = useQuery(jobsQuery()).data?.jobs ?? []
  if (standing.length === 0) return undefined
  // A program has no title of its own: the newest job that it runs names it.
  const nameOf = (kernelId: string, digest: Digest) =>
    kernelId === programKernelId
      ? jobTitle(t, language, jobs.findLast(job => job.kernelDigest === digest) ?? { kernelId })
      : kernelTitle(t, language, kernelId)
  return (
    <Section title={t.compute.standing}>
      <p className="mb-4 text-sm text-soft">{t.compute.standingHint}</p>
      <ul className="figures">
        {standing.map(({ kernelId, kernelDigest, level, passed, pausedUntil }) => (
          <li key={kernelDigest} className="border-t border-line py-3">
            <p className="font-semibold [overflow-wrap:anywhere]">{nameOf(kernelId, kernelDigest)}</p>
            <p className="text-soft">{t.compute.level[level](`${passed}`)}</p>
            {pausedUntil !== undefined && (
              <p className="text-alert">{t.compute.pausedUntil(format.moment(pausedUntil, new Date()))}</p>
            )}
          </li>
        ))}
      </ul>
    </Section>
  )
}
