import type { OwnResult } from '../../protocol/account.ts'

/** A shape for each state, so that colour is never the only sign. */
const shapes = {
  returned: { path: 'M8 3a5 5 0 1 1-4.900 4', className: 'fill-none stroke-soft' },
  accepted: { path: 'M3 8.500l3.300 3.300L13 4.800', className: 'fill-none stroke-tide' },
  rejected: { path: 'M4 4l8 8M12 4l-8 8', className: 'fill-none stroke-alert' },
  failed: { path: 'M8 3v6M8 12.500v.1', className: 'fill-none stroke-alert' },
  disputed: { path: 'M3 6h10M3 10.500h10M11 3l-6 10.500', className: 'fill-none stroke-alert' },
} as const

export function StateMark({ state, label }: { state: OwnResult['state']; label: string }) {
  const { path, className } = shapes[state]
  return (
    <p className="flex items-center gap-2 self-start font-semibold">
      <svg viewBox="0 0 16 16" aria-hidden="true" className="size-4 shrink-0">
        <path d={path} className={className} strokeWidth="2" strokeLinecap="round" strokeLinejoin="round" />
      </svg>
      {label}
    </p>
  )
}
