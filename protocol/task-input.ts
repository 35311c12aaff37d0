import { toBase64Url } from './bytes.ts'
import type { Piece, ProgramParameters, SplitList, TaskInput } from './program.ts'

/** Names and texts that the placeholders of a task stand for. */
type Values = ReadonlyMap<string, string>

/** How many tasks a split has. */
export function splitCount({ split }: Pick<ProgramParameters, 'split'>): bigint {
  switch (split.kind) {
    case 'range': {
      const size = BigInt(split.size)
      return (BigInt(split.to) - BigInt(split.from) + size) / size
    }
    case 'lines':
    case 'files':
      return BigInt(split.count)
    case 'sweep':
      return split.grid.reduce((count, { values }) => count * BigInt(values.length), 1n)
  }
}

/** Names that the arguments of a split may hold in braces. */
export function placeholdersOf({ split }: Pick<ProgramParameters, 'split'>): string[] {
  switch (split.kind) {
    case 'range':
      return ['index', 'from', 'to']
    case 'lines':
      return ['index']
    case 'files':
      return ['index', 'file']
    case 'sweep':
      return ['index', ...split.grid.map(({ name }) => name)]
  }
}

const placeholder = /\{\{|\}\}|\{(\w+)\}/g

/** The first placeholder of the arguments that the split does not have. */
export function unknownPlaceholder(parameters: Pick<ProgramParameters, 'split' | 'arguments'>): string | undefined {
  const known = new Set(placeholdersOf(parameters))
  for (const argument of parameters.arguments)
    for (const [, name] of argument.matchAll(placeholder)) if (name !== undefined && !known.has(name)) return name
  return undefined
}

const fill = (template: string, values: Values): string =>
  template.replaceAll(placeholder, (whole, name?: string) =>
    name === undefined ? whole.slice(1) : (values.get(name) ?? whole),
  )

const textPiece = (text: string): Piece => ({ kind: 'bytes', bytes: toBase64Url(new TextEncoder().encode(text)) })
const noPiece: Piece = { kind: 'bytes', bytes: '' }

interface Cut {
  readonly values: Values
  readonly piece: Piece
  readonly files: TaskInput['files']
}

/** Two little-endian 64-bit numbers for a reactor, a line of text for a command. */
function rangePiece(kind: ProgramParameters['kind'], from: bigint, to: bigint): Piece {
  if (kind === 'wasi') return textPiece(`${from} ${to}\n`)
  const bytes = new Uint8Array(16)
  const view = new DataView(bytes.buffer)
  view.setBigInt64(0, from, true)
  view.setBigInt64(8, to, true)
  return { kind: 'bytes', bytes: toBase64Url(bytes) }
}

/** Packs of a list with the index of their first line, found once a list. */
const firstLines = new WeakMap<SplitList, readonly bigint[]>()

function packStarts(list: Extract<SplitList, { kind: 'lines' }>): readonly bigint[] {
  const known = firstLines.get(list)
  if (known !== undefined) return known
  let next = 0n
  const starts = list.packs.map(({ lines }) => {
    const start = next
    next += BigInt(lines)
    return start
  })
  firstLines.set(list, starts)
  return starts
}

function linePiece(list: Extract<SplitList, { kind: 'lines' }>, index: bigint, header: string | undefined): Piece {
  const starts = packStarts(list)
  let [low, high] = [0, starts.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] as bigint) <= index) low = middle
    else high = middle - 1
  }
  const pack = list.packs[low]
  const line = Number(index - (starts[low] as bigint))
  if (pack === undefined || line >= pack.lines) throw new RangeError(`The list of lines has no line ${index}.`)
  return { kind: 'line', pack: pack.digest, bytes: pack.bytes, line, ...(header !== undefined && { header }) }
}

function sweepValues(grid: Extract<ProgramParameters['split'], { kind: 'sweep' }>['grid'], index: bigint): Values {
  const chosen: [string, string][] = []
  let left = index
  for (const { name, values } of grid.toReversed()) {
    const size = BigInt(values.length)
    chosen.push([name, values[Number(left % size)] as string])
    left /= size
  }
  return new Map(chosen.toReversed())
}

function cut({ kind, split }: ProgramParameters, list: SplitList | undefined, index: bigint): Cut {
  switch (split.kind) {
    case 'range': {
      const from = BigInt(split.from) + index * BigInt(split.size)
      const end = from + BigInt(split.size) - 1n
      const to = end < BigInt(split.to) ? end : BigInt(split.to)
      const values = new Map([
        ['from', `${from}`],
        ['to', `${to}`],
      ])
      return { values, piece: rangePiece(kind, from, to), files: [] }
    }
    case 'lines':
      if (list?.kind !== 'lines') throw new TypeError('A job of lines needs its list of packs.')
      return { values: new Map(), piece: linePiece(list, index, split.header), files: [] }
    case 'files': {
      if (list?.kind !== 'files') throw new TypeError('A job of files needs its list of files.')
      const file = list.files[Number(index)]
      if (file === undefined) throw new RangeError(`The list of files has no file ${index}.`)
      const piece: Piece = { kind: 'blob', digest: file.digest, bytes: file.bytes }
      return { values: new Map([['file', file.path]]), piece, files: kind === 'wasi' ? [file] : [] }
    }
    case 'sweep': {
      const values = sweepValues(split.grid, index)
      return { values, piece: textPiece(`${JSON.stringify(Object.fromEntries(values))}\n`), files: [] }
    }
  }
}

/**
 * The input of a task: the same for the page that previews it and the server that hands it out.
 *
 * @param list what the split's list blob says, where it has one
 * @throws {RangeError} where the job has no such task
 */
export function taskInputOf(parameters: ProgramParameters, list: SplitList | undefined, index: bigint): TaskInput {
  if (index < 0n || index >= splitCount(parameters)) throw new RangeError(`Task ${index} is outside of the job.`)
  const { values, piece, files } = cut(parameters, list, index)
  const all = new Map([...values, ['index', `${index}`]])
  return {
    index: `${index}`,
    kind: parameters.kind,
    arguments: parameters.arguments.map(argument => fill(argument, all)),
    piece: parameters.kind === 'wasi' && parameters.stdin === 'empty' ? noPiece : piece,
    files: [...parameters.shared, ...files],
  }
}

/** A task's input as its lease carries it. */
export const encodeTaskInput = (input: TaskInput): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(JSON.stringify(input))
