import { Link } from '@tanstack/react-router'
import { useMessages } from '../messages/use-messages.ts'
import { LanguageSwitch } from './LanguageSwitch.tsx'
import { Mark } from './Mark.tsx'
import { ThemeSwitch } from './ThemeSwitch.tsx'

const linkClass =
  'flex min-h-11 items-center justify-center border-b-2 px-2 font-medium text-soft transition-colors hover:text-ink sm:px-4'

export function Header() {
  const { t } = useMessages()
  return (
    <header className="mx-auto flex w-full max-w-6xl flex-wrap items-center gap-x-2 px-4 pt-3 sm:flex-nowrap sm:gap-x-6 sm:px-8 sm:pt-5">
      <Link to="/" aria-label={t.nav.home} className="-ml-1 flex min-h-11 items-center gap-2.5 px-1">
        <Mark />
        <span className="font-serif text-xl font-semibold tracking-tight">{t.product}</span>
      </Link>
      <nav
        aria-label={t.nav.label}
        className="order-last grid w-full grid-cols-4 border-b border-line sm:order-none sm:flex sm:w-auto sm:border-0"
      >
        {(['compute', 'projects', 'post', 'network'] as const).map(page => (
          <Link
            key={page}
            to={`/${page}`}
            className={linkClass}
            activeProps={{ className: 'border-tide text-ink' }}
            inactiveProps={{ className: 'border-transparent' }}
          >
            {t.nav[page]}
          </Link>
        ))}
      </nav>
      <div className="ml-auto flex items-center">
        <LanguageSwitch />
        <ThemeSwitch />
      </div>
    </header>
  )
}
