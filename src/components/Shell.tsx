import { Outlet, useRouter, useRouterState } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useRef } from 'react'
import { useMessages } from '../messages/use-messages.ts'
import { Announcer } from './Announcer.tsx'
import { useConsentSheet } from './consent-sheet.ts'
import { Footer } from './Footer.tsx'
import { Header } from './Header.tsx'
import { WorkBar } from './WorkBar.tsx'

const ConsentSheet = lazy(async () => ({ default: (await import('./ConsentSheet.tsx')).ConsentSheet }))

/** What stays while routes change. The bar below floats over the page, whose end is kept clear for it. */
export function Shell() {
  const { t } = useMessages()
  const main = useRef<HTMLElement>(null)
  const router = useRouter()
  const pathname = useRouterState({ select: state => state.location.pathname })
  const isSheetWanted = useConsentSheet() !== 'never'

  useEffect(
    () =>
      router.subscribe('onResolved', ({ pathChanged, fromLocation }) => {
        // A screen reader and the Tab key begin at the new page, not at the link that led there.
        if (pathChanged && fromLocation !== undefined) main.current?.focus({ preventScroll: true })
      }),
    [router],
  )

  return (
    <>
      <a
        href="#main"
        className="sr-only z-40 rounded-b-md bg-ink px-4 py-3 text-paper focus:not-sr-only focus:fixed focus:left-4 focus:top-0"
      >
        {t.nav.skip}
      </a>
      <Header />
      <main
        id="main"
        ref={main}
        tabIndex={-1}
        key={pathname}
        className="mx-auto min-h-dvh w-full max-w-6xl px-4 sm:px-8"
      >
        <Outlet />
      </main>
      <Footer />
      <WorkBar />
      <Announcer />
      {isSheetWanted && (
        <Suspense>
          <ConsentSheet />
        </Suspense>
      )}
    </>
  )
}
