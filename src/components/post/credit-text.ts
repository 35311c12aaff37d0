import type { Format } from '../../format.ts'

/** Credits with as many digits as small ones need: what is not nothing never reads as nothing. */
export function creditText(format: Format, credits: number): string {
  if (credits === 0 || credits >= 0.01) return format.credit(credits)
  return credits < 0.0001 ? `< ${format.decimal(0.0001, 4)}` : format.decimal(credits, 4)
}
