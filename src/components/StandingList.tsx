import { findKernel } from '../../wasm/kernels.ts'
import { useMessages } from '../messages/use-messages.ts'
import { useAccount } from '../queries/use-account.ts'
import { Section } from './Section.tsx'

/** How far this account is believed on each kernel, and whether it has to wait. Nothing before its first check. */
export function StandingList() {
  const { t, format, language } = useMessages()
  const own = useAccount().data
  const standing = own?.kind === 'known' ? own.account.standing : []
  if (standing.length === 0) return undefined
  return (
    <Section title={t.compute.standing}>
      <p className="mb-4 text-sm text-soft">{t.compute.standingHint}</p>
      <ul className="figures">
        {standing.map(({ kernelId, kernelDigest, level, passed, pausedUntil }) => (
          <li key={kernelDigest} className="border-t border-line py-3">
            <p className="font-semibold">{findKernel(kernelId)?.text[language].title ?? kernelId}</p>
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
