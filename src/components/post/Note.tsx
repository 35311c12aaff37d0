import type { ReactNode } from 'react'

/** A sentence set apart: what is good to know, or, as `alert`, what stands in the way. */
export function Note({ kind = 'plain', children }: { kind?: 'plain' | 'alert'; children: ReactNode }) {
  return (
    <div
      role={kind === 'alert' ? 'alert' : undefined}
      className={`measure border-l-4 py-1 pl-4 [overflow-wrap:anywhere] ${kind === 'alert' ? 'border-alert' : 'border-tide text-soft'}`}
    >
      {children}
    </div>
  )
}
