import type { ComponentProps } from 'react'

const kinds = {
  /** The one most important action of a screen. */
  lamp: 'bg-lamp text-on-lamp shadow-[0_0_0_1px_var(--lamp-deep),0_6px_24px_-10px_var(--lamp)] hover:brightness-105 active:brightness-95',
  plain: 'bg-sheet text-ink border border-edge hover:border-ink hover:bg-well',
  bare: 'text-tide hover:bg-well',
} as const
const sizes = { normal: 'px-5 text-base', large: 'min-h-14 px-9 text-lg' } as const

/** Classes of a button, also for links that look like one. */
export const buttonClass = (kind: keyof typeof kinds, size: keyof typeof sizes = 'normal'): string =>
  `inline-flex min-h-11 items-center justify-center gap-2 rounded-full font-semibold select-none transition-colors disabled:opacity-55 ${kinds[kind]} ${sizes[size]}`

interface ButtonProps extends ComponentProps<'button'> {
  readonly kind?: keyof typeof kinds
  readonly size?: keyof typeof sizes
}

export function Button({ kind = 'plain', size = 'normal', className = '', ...rest }: ButtonProps) {
  return <button type="button" className={`${buttonClass(kind, size)} ${className}`} {...rest} />
}
