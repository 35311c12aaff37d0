import { useMessages } from '../messages/use-messages.ts'

const paddles = 12
const angles = Array.from({ length: paddles }, (_, paddle) => (paddle * 360) / paddles)

/** One line of water across the drawing, `y` from its top. */
const wave = (y: number, shift: number) => `M${-52 - shift} ${y}q13-6 26 0${'t26 0'.repeat(17)}`

/** The house's drawing: a mill wheel, half in the water. It turns only while this device computes. */
export function MillWheel({ isTurning }: { isTurning: boolean }) {
  const { t } = useMessages()
  return (
    <svg viewBox="0 0 360 320" role="img" aria-label={t.home.wheel} className="h-auto w-full overflow-hidden">
      <g className={isTurning ? 'turning' : undefined}>
        <g className="fill-none stroke-ink" strokeWidth="1.4">
          <circle cx="180" cy="160" r="132" />
          <circle cx="180" cy="160" r="108" />
          <circle cx="180" cy="160" r="30" />
          {angles.map(angle => (
            <g key={angle} transform={`rotate(${angle} 180 160)`}>
              <path d="M180 130V52" />
              <path d="M163 24h34l-4 30h-26z" className="fill-paper" />
            </g>
          ))}
        </g>
        <circle cx="180" cy="160" r="11" className="fill-lamp" />
      </g>
      <rect x="0" y="228" width="360" height="92" className="fill-foam opacity-85" />
      <g className="fill-none stroke-tide" strokeWidth="1.6" strokeLinecap="round">
        <path d={wave(228, 0)} />
        <path d={wave(250, 16)} className="opacity-70" />
        <path d={wave(272, 4)} className="opacity-50" />
        <path d={wave(294, 20)} className="opacity-30" />
      </g>
    </svg>
  )
}
