import { type ReactNode, useState } from 'react'

interface DisclosureProps {
  readonly summary: string
  /** Opens it. It stays open when this ends: what somebody is typing in must not go away. */
  readonly mustShow: boolean
  readonly children: ReactNode
}

/** What few need, behind a line that opens it. */
export function Disclosure({ summary, mustShow, children }: DisclosureProps) {
  const [isOpen, setIsOpen] = useState(mustShow)
  return (
    <details open={isOpen || mustShow} onToggle={event => setIsOpen(event.currentTarget.open)}>
      <summary className="link inline-flex min-h-11 items-center">{summary}</summary>
      <div className="pt-3">{children}</div>
    </details>
  )
}
