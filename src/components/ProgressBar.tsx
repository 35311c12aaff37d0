interface ProgressBarProps {
  readonly label: string
  /** Work done, 0 to 1. */
  readonly share: number
  readonly text: string
  /** Where a checkpoint was taken up. */
  readonly mark?: number | undefined
  readonly thin?: boolean
}

/** Filled as far as work is done. */
export function ProgressBar({ label, share, text, mark, thin = false }: ProgressBarProps) {
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.floor(share * 100)}
      aria-valuetext={text}
      className={`relative w-full overflow-hidden rounded-full bg-well ring-1 ring-line ring-inset ${thin ? 'h-1.5' : 'h-3'}`}
    >
      <div
        className="h-full w-full origin-left bg-tide transition-transform duration-300 ease-linear"
        style={{ transform: `scaleX(${share})` }}
      />
      {mark !== undefined && <div className="absolute inset-y-0 w-0.5 bg-ink" style={{ left: `${mark * 100}%` }} />}
    </div>
  )
}
