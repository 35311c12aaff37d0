import { TidemillError } from './errors.ts'

/** Outputs that cannot be put together: the sentence says which, and why. */
export class UnmergeableError extends TidemillError {
  override readonly name = 'UnmergeableError'
}

export type NumberMergeKind = 'sum' | 'minimum' | 'maximum'

/** Reading a whole number takes longer than its digits are many. */
const longestNumber = 1000

const tokens = /[^\s,;]+/g
const whole = /^[+-]?\d+$/
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

/** A whole number is exact, however long; any other is a float64. */
type Value = bigint | number

/** What stands at one place of all outputs so far. */
type Place =
  | { readonly kind: 'sum'; whole: bigint; rest: number | undefined }
  | { readonly kind: 'extreme'; value: Value }
  | { readonly kind: 'word'; readonly text: string }

const shown = (token: string): string => (token.length > 40 ? `${token.slice(0, 40)}…` : token)

function parseNumber(token: string, task: bigint): Value | undefined {
  if (!whole.test(token) && !decimal.test(token)) return undefined
  if (token.length > longestNumber)
    throw new UnmergeableError(`Task ${task} has a number of ${token.length} characters; ${longestNumber} is the most.`)
  // BigInt knows no plus sign.
  if (whole.test(token)) return BigInt(token.replace('+', ''))
  const value = Number(token)
  if (!Number.isFinite(value))
    throw new UnmergeableError(`Task ${task} has ${shown(token)}, which no float64 can hold.`)
  return value
}

function toText(task: bigint, output: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(output)
  } catch (cause) {
    throw new UnmergeableError(`The output of task ${task} is no text, so it has no numbers to put together.`, {
      cause,
    })
  }
}

function render(place: Place): string {
  if (place.kind === 'word') return place.text
  if (place.kind === 'extreme') return `${place.value}`
  if (place.rest === undefined) return `${place.whole}`
  const sum = Number(place.whole) + place.rest
  if (!Number.isFinite(sum)) throw new UnmergeableError('The sum is more than a float64 can hold.')
  return `${sum}`
}

/** Puts outputs together that are numbers in text, those at the same place of each. */
export interface NumberMerge {
  /**
   * Adds the output of a task. They come in the order of their tasks, so that sums of decimals are the same everywhere.
   *
   * @throws {UnmergeableError} where it is not like the first
   */
  add(task: bigint, output: Uint8Array): void
  /** The first output with other numbers in it. @throws {UnmergeableError} where nothing was added */
  result(): Uint8Array<ArrayBuffer>
}

/**
 * `sum`, `minimum` or `maximum` of outputs whose numbers are separated by white space, commas or semicolons. Whole numbers
 * are exact; where one output has a decimal point or an exponent, the place becomes a float64. Words are allowed if all
 * outputs have the same. Lines and separators of the answer are those of the first output.
 */
export function createNumberMerge(kind: NumberMergeKind): NumberMerge {
  let first:
    | { readonly task: bigint; readonly places: readonly Place[]; readonly between: readonly string[] }
    | undefined

  function toPlace(token: string, task: bigint): Place {
    const value = parseNumber(token, task)
    if (value === undefined) return { kind: 'word', text: token }
    if (kind !== 'sum') return { kind: 'extreme', value }
    return typeof value === 'bigint'
      ? { kind: 'sum', whole: value, rest: undefined }
      : { kind: 'sum', whole: 0n, rest: value }
  }

  function fold(place: Exclude<Place, { kind: 'word' }>, value: Value): void {
    if (place.kind === 'sum') {
      if (typeof value === 'bigint') place.whole += value
      else place.rest = (place.rest ?? 0) + value
    } else if (kind === 'minimum' ? value < place.value : value > place.value) place.value = value
  }

  return {
    add(task, output) {
      const text = toText(task, output)
      const found = text.match(tokens) ?? []
      if (first === undefined) {
        const places = found.map(token => toPlace(token, task))
        if (places.every(place => place.kind === 'word'))
          throw new UnmergeableError(`The output of task ${task} has no numbers to put together.`)
        first = { task, places, between: text.split(tokens) }
        return
      }
      const { places } = first
      const unlike = (here: string, there: string) =>
        new UnmergeableError(`Task ${task} has ${here} where task ${first?.task} has ${there}.`)
      if (found.length !== places.length) throw unlike(`${found.length} numbers and words`, `${places.length}`)
      for (const [at, place] of places.entries()) {
        const token = found[at] as string
        if (place.kind === 'word') {
          if (token !== place.text) throw unlike(`“${shown(token)}”`, `“${shown(place.text)}”`)
          continue
        }
        const value = parseNumber(token, task)
        if (value === undefined) throw unlike(`“${shown(token)}”`, 'a number')
        fold(place, value)
      }
    },
    result() {
      if (first === undefined) throw new UnmergeableError('There are no outputs to put together.')
      const { places, between } = first
      const text = between.map((gap, at) => gap + (at < places.length ? render(places[at] as Place) : '')).join('')
      return new TextEncoder().encode(text)
    },
  }
}
