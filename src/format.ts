import type { Language } from '../protocol/kernel.ts'

/** Numbers, units and times as one language writes them. Every figure on the page passes through here. */
export interface Format {
  /** 64-bit counts arrive as decimal strings and keep every digit. */
  integer(value: number | bigint | string): string
  decimal(value: number, digits: number): string
  /** All digits that count, so that a sum can be checked; at most six after the point. */
  exact(value: number): string
  /** Rounded down: nothing says 100 % before it is done. */
  percent(share: number, digits?: number): string
  /** As many digits as a slow job needs to be seen moving; what is not nothing never reads as nothing. */
  share(share: number): string
  /** A probability of being wrong, to two digits; never nothing. */
  doubt(probability: number): string
  /** Seconds of the reference core, as a bare number with a fixed count of digits, so that it does not jitter. */
  credit(seconds: number): string
  bytes(bytes: number): string
  /** The two largest units: 3 min 20 sec. */
  duration(milliseconds: number): string
  watts(low: number, high: number): string
  dateTime(iso: string): string
  time(iso: string): string
  /** The time alone where it is of the same day as `now`. */
  moment(iso: string, now: Date): string
  /** With seconds, of a time in milliseconds. */
  clock(at: number): string
  /** A power of ten for an axis or a big count: 10⁹. */
  power(exponent: number): string
  list(items: readonly string[]): string
}

const locales: Readonly<Record<Language, string>> = { en: 'en', zh: 'zh-Hans' }
/** A smaller probability of an error means nothing: what is assumed of others is not known so well. */
const leastDoubt = 1e-7
const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹'

export function createFormat(language: Language): Format {
  const locale = locales[language]
  const number = (options?: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options)
  const fixed = [0, 1, 2, 3, 4].map(digits => number({ minimumFractionDigits: digits, maximumFractionDigits: digits }))
  const percents = [0, 1, 2, 3].map(digits =>
    number({ style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits, roundingMode: 'floor' }),
  )
  const doubts = number({ style: 'percent', maximumSignificantDigits: 2 })
  const unit = (name: string, digits = 0) =>
    number({ style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: digits })
  const units = { second: unit('second'), minute: unit('minute'), hour: unit('hour'), day: unit('day') }
  // Four digits read well without a comma, and years and seeds would look odd with one.
  const integer = number({ useGrouping: 'min2' })
  const byte = number({ style: 'unit', unit: 'byte', unitDisplay: 'long' })
  const sizes = [byte, unit('kilobyte'), unit('megabyte', 1), unit('gigabyte', 1)]
  const exact = number({ maximumFractionDigits: 6, useGrouping: 'min2' })
  const watt = number({ maximumFractionDigits: 0 })
  const dateTime = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' })
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'short' })
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'medium' })
  const list = new Intl.ListFormat(locale, { type: 'conjunction' })
  const percent = (share: number, digits = 0) => (percents[digits] ?? number({ style: 'percent' })).format(share)
  const decimal = (value: number, digits: number) => (fixed[digits] ?? number()).format(value)

  return {
    integer: value => integer.format(typeof value === 'string' ? BigInt(value) : value),
    decimal,
    exact: value => exact.format(value),
    percent,
    share(share) {
      if (share === 0 || share === 1) return percent(share)
      return share < 0.000_01 ? `< ${percent(0.000_01, 3)}` : percent(share, share < 0.01 ? 3 : 1)
    },
    doubt: probability => (probability < leastDoubt ? `< ${doubts.format(leastDoubt)}` : doubts.format(probability)),
    credit(seconds) {
      // What is not nothing never reads as nothing.
      if (seconds > 0 && seconds < 0.01) return seconds < 0.0001 ? `< ${decimal(0.0001, 4)}` : decimal(seconds, 4)
      return decimal(seconds, seconds < 100 ? 2 : seconds < 10_000 ? 1 : 0)
    },
    bytes(bytes) {
      const power = Math.min(3, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)))
      return (sizes[power] ?? byte).format(bytes / 1000 ** power)
    },
    duration(milliseconds) {
      const seconds = Math.max(0, Math.round(milliseconds / 1000))
      const parts = [
        [Math.floor(seconds / 86_400), units.day],
        [Math.floor(seconds / 3600) % 24, units.hour],
        [Math.floor(seconds / 60) % 60, units.minute],
        [seconds % 60, units.second],
      ] as const
      const first = parts.findIndex(([value]) => value > 0)
      if (first === -1) return units.second.format(0)
      const shown = parts.slice(first, first + 2).filter(([value]) => value > 0)
      return shown.map(([value, format]) => format.format(value)).join(language === 'en' ? ' ' : '')
    },
    watts: (low, high) => `${watt.formatRange(Math.round(low), Math.round(high))} W`,
    dateTime: iso => dateTime.format(new Date(iso)),
    clock: at => clock.format(at),
    moment(iso, now) {
      const at = new Date(iso)
      return at.toDateString() === now.toDateString() ? clock.format(at) : dateTime.format(at)
    },
    time: iso => time.format(new Date(iso)),
    power: exponent =>
      `10${[...String(exponent)].map(digit => (digit === '-' ? '⁻' : superscripts[Number(digit)])).join('')}`,
    list: items => list.format(items),
  }
}
