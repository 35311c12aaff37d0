/** One kind of what is judged: its share of all, 0 to 1. */
interface Part {
  readonly name: string
  readonly share: number
  readonly className: string
}

interface PartsBarProps {
  readonly label: string
  readonly text: string
  readonly parts: readonly Part[]
}

/** Work done, in its kinds. What is not nothing is seen, however little it is. */
export function PartsBar({ label, text, parts }: PartsBarProps) {
  const done = parts.reduce((sum, { share }) => sum + share, 0)
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.floor(done * 100)}
      aria-valuetext={text}
      className="flex h-4 w-full overflow-hidden rounded-full bg-well ring-1 ring-line ring-inset"
    >
      {parts.map(
        ({ name, share, className }) =>
          share > 0 && (
            <div
              key={name}
              className={`h-full min-w-1 transition-[width] duration-300 ease-linear ${className}`}
              style={{ width: `${share * 100}%` }}
            />
          ),
      )}
    </div>
  )
}
