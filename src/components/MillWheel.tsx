import { useMessages } from '../messages/use-messages.ts'

const paddles = 12
const angles = Array.from({ length: paddles }, (_, paddle) => (paddle * 360) / paddles)

/** The house's drawing: a mill wheel. It turns only while this device computes. */
export function MillWheel({ isTurning }: { isTurning: boolean }) {
  const { t } = useMessages()
  return (
    <svg viewBox="36 16 288 288" role="img" aria-label={t.home.wheel} className="h-auto w-full">
      <g className={isTurning ? 'turning' : undefined}>
        <g className="fill-none stroke-ink" strokeWidth="1.4">
          <circle cx="180" cy="160" r="126" />
          <circle cx="180" cy="160" r="102" />
          <circle cx="180" cy="160" r="30" />
          {angles.map(angle => (
            <g key={angle} transform={`rotate(${angle} 180 160)`}>
              <path d="M180 130V58" />
              <path d="M163 20h34l-4 40h-26z" className="fill-paper" />
            </g>
          ))}
        </g>
        <circle cx="180" cy="160" r="11" className="fill-lamp" />
      </g>
    </svg>
  )
}

const lines = [
  { y: 8, shift: 0, className: '' },
  { y: 30, shift: 18, className: 'opacity-60' },
  { y: 52, shift: 6, className: 'opacity-40' },
  { y: 74, shift: 24, className: 'opacity-20' },
]

/** Water from edge to edge of the window, before the wheel's foot. */
export function Water() {
  return (
    <svg
      aria-hidden="true"
      className="relative mx-[calc(50%-50vw)] block h-24 w-screen text-foam"
      // Rising waves may leave the drawing's upper edge.
      overflow="visible"
    >
      <defs>
        {lines.map(({ y, shift, className }) => (
          <pattern key={y} id={`wave-${y}`} width="52" height="96" x={shift} patternUnits="userSpaceOnUse">
            {y === 8 && <path d={`M0 ${y}q13-8 26 0t26 0V96H0z`} className="fill-foam opacity-85" />}
            <path
              d={`M-1 ${y}h1q13-8 26 0t26 0h1`}
              className={`fill-none stroke-tide ${className}`}
              strokeWidth="1.6"
            />
          </pattern>
        ))}
      </defs>
      {lines.map(({ y }) => (
        <rect key={y} width="100%" height="96" fill={`url(#wave-${y})`} />
      ))}
    </svg>
  )
}
