import type { ReactNode } from 'react'
import { useMessages } from '../messages/use-messages.ts'

/** The head of a route: its title, also the window's, one paragraph, and room for its one action. */
export function PageHead({ title, lead, children }: { title: string; lead?: ReactNode; children?: ReactNode }) {
  const { t } = useMessages()
  return (
    <div className="flex flex-wrap items-end justify-between gap-x-8 gap-y-5 pt-8 pb-8 sm:pt-12">
      <title>{t.title(title)}</title>
      <div className="measure">
        <h1 className="text-3xl font-semibold sm:text-4xl">{title}</h1>
        {lead !== undefined && <p className="mt-3 text-lg text-soft">{lead}</p>}
      </div>
      {children}
    </div>
  )
}
