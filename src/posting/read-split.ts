import { findPathConflict } from '../../protocol/find-path-conflict.ts'
import { FilePath, programLimits, Split } from '../../protocol/program.ts'
import { placeholdersOf, unknownPlaceholder } from '../../protocol/task-input.ts'
import type { Draft, InputDraft } from './draft.ts'

/** What the step about the input still needs; `field` is where. */
export type InputGap =
  | { readonly kind: 'whole'; readonly field: 'from' | 'to' }
  | { readonly kind: 'size' }
  | { readonly kind: 'order' }
  | { readonly kind: 'noLines' }
  | { readonly kind: 'noFiles' }
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'samePath'; readonly path: string }
  /** One task would have a file at both, of which one needs a folder where the other is. */
  | { readonly kind: 'pathConflict'; readonly one: string; readonly other: string }
  /** What one task would see, and may see. */
  | { readonly kind: 'taskBytes'; readonly bytes: number; readonly most: number }
  | { readonly kind: 'sharedFiles'; readonly most: number }
  | { readonly kind: 'sweepName'; readonly name: string }
  | { readonly kind: 'sweepValues'; readonly name: string }
  | { readonly kind: 'sweepTwice'; readonly name: string }
  | { readonly kind: 'placeholder'; readonly name: string; readonly known: readonly string[] }
  | { readonly kind: 'tooManyArguments'; readonly most: number }

/** Values of a sweep: one a line, or with commas between where it is a single line. */
export const readValues = (text: string): string[] =>
  text
    .split(text.trim().includes('\n') ? '\n' : ',')
    .map(value => value.trim())
    .filter(value => value !== '')

/** Arguments of a command, one a line. */
export const readArguments = (text: string): string[] => text.split('\n').filter(line => line.trim() !== '')

export const readGrid = ({ sweep }: Pick<InputDraft, 'sweep'>) =>
  sweep.map(({ name, values }) => ({ name: name.trim(), values: readValues(values) }))

const isWhole = (text: string): boolean => /^-?\d{1,19}$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text)

/** The number as the wire writes it. */
const plain = (text: string): string => String(BigInt(text.trim()))

export const readRange = ({ from, to, size }: Pick<InputDraft, 'from' | 'to' | 'size'>) => ({
  kind: 'range' as const,
  from: plain(from),
  to: plain(to),
  size: plain(size),
})

function rangeGaps({ from, to, size }: InputDraft): InputGap[] {
  const gaps: InputGap[] = []
  if (!isWhole(from.trim())) gaps.push({ kind: 'whole', field: 'from' })
  if (!isWhole(to.trim())) gaps.push({ kind: 'whole', field: 'to' })
  if (!isWhole(size.trim()) || BigInt(size.trim()) < 1n) gaps.push({ kind: 'size' })
  if (gaps.length === 0 && BigInt(from.trim()) > BigInt(to.trim())) gaps.push({ kind: 'order' })
  return gaps
}

function pathGaps(paths: readonly string[]): InputGap[] {
  const seen = new Set<string>()
  for (const path of paths) {
    if (!FilePath.safeParse(path).success) return [{ kind: 'path', path }]
    if (seen.has(path)) return [{ kind: 'samePath', path }]
    seen.add(path)
  }
  return []
}

function sweepGaps(input: InputDraft): InputGap[] {
  const seen = new Set<string>()
  for (const { name, values } of readGrid(input)) {
    if (!/^[A-Za-z_]\w{0,63}$/.test(name)) return [{ kind: 'sweepName', name }]
    if (seen.has(name)) return [{ kind: 'sweepTwice', name }]
    if (values.length === 0) return [{ kind: 'sweepValues', name }]
    seen.add(name)
  }
  const grid = Split.safeParse({ kind: 'sweep', grid: readGrid(input) })
  return grid.success ? [] : [{ kind: 'sweepValues', name: input.sweep[0]?.name ?? '' }]
}

function splitGaps(input: InputDraft): InputGap[] {
  switch (input.way) {
    case 'range':
      return rangeGaps(input)
    case 'lines':
      return input.lines === undefined ? [{ kind: 'noLines' }] : []
    case 'files':
      return input.files.length === 0 ? [{ kind: 'noFiles' }] : pathGaps(input.files.map(({ path }) => path))
    case 'sweep':
      return sweepGaps(input)
  }
}

const anyDigest = '0'.repeat(64) as never

/** Names that may stand in braces in the arguments, as far as the input can be read already. */
export function knownPlaceholders(input: InputDraft): string[] {
  const split: Split =
    input.way === 'range'
      ? { kind: 'range', from: '0', to: '0', size: '1' }
      : input.way === 'sweep'
        ? { kind: 'sweep', grid: readGrid(input) }
        : { kind: input.way, list: anyDigest, count: '1' }
  return placeholdersOf({ split }).filter(name => name !== '')
}

function argumentGaps({ program, input }: Pick<Draft, 'input'> & { program: 'reactor' | 'wasi' }): InputGap[] {
  if (program === 'reactor') return []
  const given = readArguments(input.arguments)
  if (given.length > programLimits.arguments) return [{ kind: 'tooManyArguments', most: programLimits.arguments }]
  const known = knownPlaceholders(input)
  const grid = known.filter(name => name !== 'index').map(name => ({ name, values: ['0'] }))
  const name = unknownPlaceholder({ split: { kind: 'sweep', grid }, arguments: given })
  return [...(name === undefined ? [] : [{ kind: 'placeholder' as const, name, known }]), ...sharedGaps(input)]
}

function sharedGaps({ shared, way, files }: InputDraft): InputGap[] {
  const own = way === 'files' ? files : []
  const paths = pathGaps([...shared, ...own].map(({ path }) => path))
  if (paths.length > 0) return paths
  if (shared.length > programLimits.sharedFiles) return [{ kind: 'sharedFiles', most: programLimits.sharedFiles }]
  const conflict = conflictOf(
    shared.map(({ path }) => path),
    own.map(({ path }) => path),
  )
  if (conflict !== undefined) return [{ kind: 'pathConflict', one: conflict[0], other: conflict[1] }]
  const bytes =
    shared.reduce((sum, file) => sum + file.bytes, 0) + own.reduce((most, file) => Math.max(most, file.bytes), 0)
  return bytes > programLimits.taskBytes ? [{ kind: 'taskBytes', bytes, most: programLimits.taskBytes }] : []
}

/** Each task sees the shared files and one of the others. */
function conflictOf(shared: readonly string[], others: readonly string[]): readonly [string, string] | undefined {
  // Mostly all of them together are free of conflicts, and one look says so.
  if (findPathConflict([...shared, ...others]) === undefined) return undefined
  return findPathConflict(shared) ?? others.map(path => findPathConflict([...shared, path])).find(Boolean)
}

/** All that the input of an uploaded program still needs, before any byte of it is read. */
export const inputGaps = (input: InputDraft, program: 'reactor' | 'wasi'): InputGap[] => [
  ...splitGaps(input),
  ...argumentGaps({ program, input }),
]
