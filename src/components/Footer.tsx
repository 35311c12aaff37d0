import { Link } from '@tanstack/react-router'
import { useMessages } from '../messages/use-messages.ts'

export function Footer() {
  const { t } = useMessages()
  return (
    <footer className="mx-auto mt-20 w-full max-w-6xl px-4 pb-32 sm:px-8">
      <div className="flex flex-wrap items-center gap-x-6 border-t border-line pt-4 text-sm text-soft">
        <p className="mr-auto py-2">{t.nav.footer}</p>
        <Link to="/verify" className="flex min-h-11 items-center hover:text-ink">
          {t.nav.verify}
        </Link>
        <a href="/api/docs" className="flex min-h-11 min-w-11 items-center justify-end hover:text-ink">
          {t.nav.api}
        </a>
      </div>
    </footer>
  )
}
