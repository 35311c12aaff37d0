import { activityOf } from '../volunteer/activity.ts'
import { useVolunteer } from '../volunteer/use-volunteer.ts'

/** The mill wheel of the header. It turns while this browser computes, and only then. */
export function Mark() {
  const activity = activityOf(useVolunteer())
  const turns = activity.kind === 'computing' || (activity.kind === 'elsewhere' && activity.cores > 0)
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className="size-8">
      <g
        className={`fill-none stroke-ink ${turns ? 'turning [animation-duration:12s]' : ''}`}
        strokeWidth="1.5"
        strokeLinecap="round"
      >
        <circle cx="16" cy="15" r="8.5" />
        <path d="M16 3v24M4 15h24M7.500 6.500l17 17M24.500 6.500l-17 17" />
      </g>
      <circle cx="16" cy="15" r="2.6" className="fill-lamp" />
      <path
        d="M1 24q3.750-3 7.500 0t7.500 0 7.500 0 7.500 0"
        className="fill-none stroke-tide"
        strokeWidth="2"
        strokeLinecap="round"
      />
    </svg>
  )
}
