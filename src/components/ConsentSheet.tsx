import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Dialog } from 'radix-ui'
import { type ReactNode, useRef } from 'react'
import type { Job } from '../../protocol/jobs.ts'
import { programKernelId } from '../../protocol/kernel.ts'
import { useMessages } from '../messages/use-messages.ts'
import { usePreferences } from '../preferences/use-preferences.ts'
import { jobsQuery } from '../queries/jobs.ts'
import { agree, startVolunteer } from '../volunteer/control.ts'
import { hourlyBytes } from '../volunteer/traffic.ts'
import { extraWatts } from '../volunteer/watts.ts'
import { AmountFields } from './AmountFields.tsx'
import { Button } from './Button.tsx'
import { setConsentSheet, useConsentSheet } from './consent-sheet.ts'
import { jobTitle } from './job-title.ts'
import { runningJobs } from './shown-jobs.ts'
import { useAct } from './use-act.ts'

/** Titles that other people chose, named one by one; the rest is counted. */
const mostNamed = 4

function Point({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="grid gap-x-6 gap-y-1 border-t border-line py-4 sm:grid-cols-[9rem_1fr]">
      <dt className="font-medium">{title}</dt>
      <dd className="text-soft">{children}</dd>
    </div>
  )
}

/** All that a person should know before the first CPU second is used, and the two ways on. */
export function ConsentSheet() {
  const { t, language } = useMessages()
  const preferences = usePreferences()
  const jobs = runningJobs(useQuery(jobsQuery()).data?.jobs ?? [])
  const navigate = useNavigate()
  const act = useAct()
  const content = useRef<HTMLDivElement>(null)
  /** What had the focus before, and has it again afterwards. */
  const opener = useRef<Element>(undefined)
  const isOpen = useConsentSheet() === 'open'

  const titlesOf = (some: readonly Job[]) => [...new Set(some.map(job => jobTitle(t, language, job)))]
  const operators = titlesOf(jobs.filter(({ posterId }) => posterId === undefined))
  const people = titlesOf(jobs.filter(({ posterId }) => posterId !== undefined))
  const kernelBytes = [...new Map(jobs.map(job => [job.kernelDigest, job.kernelBytes])).values()]
  const watts = extraWatts(preferences)

  async function start() {
    agree()
    setConsentSheet('closed')
    await Promise.all([startVolunteer(), navigate({ to: '/compute' })])
  }

  return (
    <Dialog.Root open={isOpen} onOpenChange={open => setConsentSheet(open ? 'open' : 'closed')}>
      <Dialog.Portal>
        {/* Radix's own overlay writes a style element, which the page's policy refuses. */}
        <div aria-hidden="true" className="fixed inset-0 z-30 bg-shade" />
        <Dialog.Content
          data-sheet="open"
          ref={content}
          tabIndex={-1}
          // Reading comes first: the focus goes to the sheet, not into its first number.
          onOpenAutoFocus={event => {
            event.preventDefault()
            opener.current = document.activeElement ?? undefined
            content.current?.focus()
          }}
          onCloseAutoFocus={event => {
            event.preventDefault()
            if (opener.current instanceof HTMLElement) opener.current.focus()
          }}
          className="fixed inset-x-0 bottom-0 z-30 mx-auto flex max-h-[94dvh] max-w-2xl flex-col rounded-t-2xl bg-sheet shadow-2xl outline-none sm:bottom-auto sm:top-1/2 sm:-translate-y-1/2 sm:rounded-2xl"
        >
          <div className="overflow-y-auto px-5 pt-6 sm:px-8 sm:pt-8">
            <Dialog.Title className="text-2xl font-semibold">{t.consent.title}</Dialog.Title>
            <Dialog.Description className="mt-1 mb-5 text-soft">{t.consent.lead}</Dialog.Description>
            <dl>
              <Point title={t.consent.runs}>
                <p>
                  {t.consent.runsText(operators, people.slice(0, mostNamed), Math.max(0, people.length - mostNamed))}
                </p>
                <p className="mt-2">{t.consent.sandboxText}</p>
              </Point>
              <Point title={t.consent.share}>
                <div className="text-ink">
                  <AmountFields />
                </div>
              </Point>
              <Point title={t.consent.data}>
                {t.consent.dataText(
                  kernelBytes.reduce((sum, bytes) => sum + bytes, 0),
                  hourlyBytes(preferences, jobs),
                )}
                {jobs.some(({ kernelId }) => kernelId === programKernelId) && ` ${t.consent.dataFiles}`}
              </Point>
              <Point title={t.consent.power}>
                {t.consent.powerText(watts.low, watts.high, [watts.low / 100, watts.high / 100])}
              </Point>
              <Point title={t.consent.stop}>{t.consent.stopText}</Point>
              <Point title={t.consent.privacy}>
                {t.consent.privacyText.map(line => (
                  <p key={line}>{line}</p>
                ))}
              </Point>
            </dl>
          </div>
          <div className="flex justify-end gap-3 border-t border-line px-5 py-4 *:px-4 sm:px-8 sm:*:px-5">
            <Dialog.Close asChild>
              <Button>{t.consent.cancel}</Button>
            </Dialog.Close>
            <Button kind="lamp" onClick={() => act(start())}>
              {t.consent.agree}
            </Button>
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
