import { useRouterState } from '@tanstack/react-router'
import { useLayoutEffect, useRef } from 'react'
import { useMessages } from '../messages/use-messages.ts'
import { useAccount } from '../queries/use-account.ts'
import { type Activity, activityOf, isActive } from '../volunteer/activity.ts'
import { pauseVolunteer, stopVolunteer } from '../volunteer/control.ts'
import { useVolunteer } from '../volunteer/use-volunteer.ts'
import { Button } from './Button.tsx'
import { useAct } from './use-act.ts'

/** On every route while computing: what goes on, and the way to end it. */
export function WorkBar() {
  const activity = activityOf(useVolunteer())
  return isActive(activity) ? <Bar activity={activity} /> : undefined
}

function Bar({ activity }: { activity: Activity }) {
  const { t } = useMessages()
  const account = useAccount().data
  const isCompute = useRouterState({ select: state => state.location.pathname === '/compute' })
  const act = useAct()
  const bar = useRef<HTMLElement>(null)

  useLayoutEffect(() => {
    const shown = bar.current
    return () => {
      // Who paused by keyboard would otherwise begin at the top of the window: the page, with Resume in it, comes next.
      if (shown?.contains(document.activeElement)) document.getElementById('main')?.focus({ preventScroll: true })
    }
  }, [])

  return (
    <section
      ref={bar}
      aria-label={t.bar.label}
      className="fixed inset-x-0 bottom-0 z-20 border-t border-line bg-sheet/95 pb-[env(safe-area-inset-bottom)] backdrop-blur-sm"
    >
      <div className="mx-auto flex max-w-6xl items-center gap-2 px-4 py-2 sm:gap-4 sm:px-8">
        <p className="figures flex min-w-0 flex-1 flex-col text-sm leading-snug sm:flex-row sm:items-baseline sm:gap-6 sm:text-base">
          <span className="truncate font-semibold">{t.bar[barText(activity)](coresOf(activity))}</span>
          <span className="min-h-5 truncate text-soft">
            {account?.kind === 'known' && t.bar.credit(account.account.credit)}
          </span>
        </p>
        <Button className="max-sm:px-3.5" onClick={() => act(pauseVolunteer())}>
          {t.action.pause}
        </Button>
        {isCompute && (
          <Button className="max-sm:px-3.5" onClick={() => act(stopVolunteer())}>
            {t.action.stop}
          </Button>
        )}
      </div>
    </section>
  )
}

const coresOf = (activity: Activity) => ('cores' in activity ? activity.cores : 0)

function barText({ kind }: Activity) {
  switch (kind) {
    case 'computing':
    case 'elsewhere':
    case 'starting':
      return kind
    default:
      return 'waiting'
  }
}
