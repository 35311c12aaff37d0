import * as z from 'zod/mini'

/** Refuses what is no text: no database stores it, and no program can be given it as an argument. */
export const isPlainText = z.refine<string>(
  text => text.isWellFormed() && !text.includes('\0'),
  'expected text, without NUL and without halves of characters',
)

/** The same text with a sign in place of what is no text. */
export const toPlainText = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD')
