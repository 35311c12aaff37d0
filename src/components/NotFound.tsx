import { Link } from '@tanstack/react-router'
import { useMessages } from '../messages/use-messages.ts'
import { buttonClass } from './Button.tsx'

/** Nothing is here. Texts of its own where more is known than that. */
export function NotFound({ title, text }: { title?: string; text?: string }) {
  const { t } = useMessages()
  return (
    <div className="measure py-16">
      <title>{t.title(title ?? t.failure.notFoundTitle)}</title>
      <h1 className="text-3xl font-semibold">{title ?? t.failure.notFoundTitle}</h1>
      <p className="mt-3 mb-6 text-soft">{text ?? t.failure.notFound}</p>
      <Link to="/" className={buttonClass('plain')}>
        {t.action.goHome}
      </Link>
    </div>
  )
}
