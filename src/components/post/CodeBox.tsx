import type { ReactNode } from 'react'

/** Text of fixed width that scrolls, also by keyboard. */
export function CodeBox({ isWrapped = false, children }: { isWrapped?: boolean; children: ReactNode }) {
  return (
    <pre
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      className={`max-h-64 overflow-auto rounded-md border border-line bg-paper px-3 py-2 font-mono text-sm ${isWrapped ? 'whitespace-pre-wrap [overflow-wrap:anywhere]' : ''}`}
    >
      {children}
    </pre>
  )
}
