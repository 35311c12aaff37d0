interface ProgressBarProps {
  readonly label: string
  /** Work done, 0 to 1; undefined where the program does not tell. */
  readonly share: number | undefined
  readonly text: string
  /** Where a checkpoint was taken up. */
  readonly mark?: number | undefined
  readonly thin?: boolean
}

/** Filled as far as work is done; a passing wave where nobody can say how far that is. */
export function ProgressBar({ label, share, text, mark, thin = false }: ProgressBarProps) {
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={share === undefined ? undefined : Math.floor(share * 100)}
      aria-valuetext={text}
      className={`relative w-full overflow-hidden rounded-full bg-well ring-1 ring-line ring-inset ${thin ? 'h-1.5' : 'h-3'}`}
    >
      {share === undefined ? (
        <div className="untold h-full w-2/5 rounded-full bg-tide" />
      ) : (
        <div
          className="h-full w-full origin-left bg-tide transition-transform duration-300 ease-linear"
          style={{ transform: `scaleX(${share})` }}
        />
      )}
      {mark !== undefined && <div className="absolute inset-y-0 w-0.5 bg-ink" style={{ left: `${mark * 100}%` }} />}
    </div>
  )
}
