import type { ReactNode } from 'react'

/** Names and what they stand for, in two columns where there is room. */
export const Facts = ({ children }: { children: ReactNode }) => <dl className="border-b border-line">{children}</dl>

export function Fact({ name, children }: { name: ReactNode; children: ReactNode }) {
  return (
    <div className="grid gap-x-6 border-t border-line py-2.5 sm:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
      <dt className="text-soft">{name}</dt>
      <dd className="figures min-w-0 [overflow-wrap:anywhere]">{children}</dd>
    </div>
  )
}
