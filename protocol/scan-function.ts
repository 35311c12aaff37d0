import { type ModuleReader, ModuleRefusal } from './module-reader.ts'
import { moduleRefusals } from './module-refusals.ts'

/** What the code of a module may declare; engines slow down or give up far beyond it. */
export const codeLimits = { locals: 50_000, allLocals: 10_000_000, depth: 5000 } as const

/** What the code of a module uses, as the inspection gathers it. */
export interface CodeFacts {
  readonly features: Set<string>
  allLocals: number
  growsTable: boolean
}

/** Reads a value type. @param first its first byte, where it has been read */
export function readValueType(reader: ModuleReader, facts: Pick<CodeFacts, 'features'>, first = reader.byte()): void {
  if (first >= 0x7c && first <= 0x7f) return
  if (first === 0x7b) facts.features.add('SIMD')
  else if (first === 0x70 || first === 0x6f) facts.features.add('reference types')
  else refuseType(first)
}

function refuseType(byte: number): never {
  if (byte === 0x69 || byte === 0x74) throw new ModuleRefusal(moduleRefusals.exceptions)
  if (byte >= 0x62 && byte <= 0x73) throw new ModuleRefusal(moduleRefusals.garbageCollection)
  throw new RangeError('no value type')
}

type OperandReader = (reader: ModuleReader, facts: CodeFacts) => void

/** Passes over so many LEB128 numbers. */
function skipNumbers(reader: ModuleReader, count: number): void {
  for (let left = count; left > 0; left--) reader.skipNumber()
}

function memoryArgument(reader: ModuleReader): void {
  // Bit 6 of the alignment announces the index of another memory.
  if (reader.unsigned() >= 64) throw new ModuleRefusal(moduleRefusals.noMemory)
  reader.skipNumber()
}

function memoryIndex(reader: ModuleReader): void {
  if (reader.unsigned() !== 0) throw new ModuleRefusal(moduleRefusals.noMemory)
}

function blockType(reader: ModuleReader, facts: CodeFacts): void {
  const first = reader.byte()
  // One negative byte is "nothing" or a value type; all else is the index of a function type.
  if (first === 0x40) return
  if (first < 128 && first & 0x40) readValueType(reader, facts, first)
  else {
    facts.features.add('multi-value')
    if (first > 127) reader.skipNumber()
  }
}

function nullType(reader: ModuleReader, facts: CodeFacts): void {
  const first = reader.byte()
  // The index of a type of the module's own.
  if (first < 0x40 || first > 127) throw new ModuleRefusal(moduleRefusals.garbageCollection)
  readValueType(reader, facts, first)
}

function selectTypes(reader: ModuleReader, facts: CodeFacts): void {
  for (let left = reader.unsigned(); left > 0; left--) readValueType(reader, facts)
}

/** Operands of the instructions behind 0xFC. */
function miscellaneous(reader: ModuleReader, facts: CodeFacts): void {
  const code = reader.unsigned()
  if (code <= 7) {
    facts.features.add('saturating conversions')
    return
  }
  if (code === 15) facts.growsTable = true
  facts.features.add(code <= 14 ? 'bulk memory' : 'reference types')
  if (code === 8) {
    reader.skipNumber()
    memoryIndex(reader)
  } else if (code === 10) {
    memoryIndex(reader)
    memoryIndex(reader)
  } else if (code === 11) memoryIndex(reader)
  else if (code === 12 || code === 14) skipNumbers(reader, 2)
  else if (code === 9 || code === 13 || (code >= 15 && code <= 17)) reader.skipNumber()
  else throw new ModuleRefusal(moduleRefusals.unknownInstruction)
}

/** Operands of the instructions behind 0xFD. */
function simd(reader: ModuleReader, facts: CodeFacts): void {
  const code = reader.unsigned()
  if (code >= 0x100 && code <= 0x12f) throw new ModuleRefusal(moduleRefusals.relaxedSimd)
  if (code >= 0x100) throw new ModuleRefusal(moduleRefusals.unknownInstruction)
  facts.features.add('SIMD')
  if (code <= 11 || code === 0x5c || code === 0x5d) memoryArgument(reader)
  else if (code === 12 || code === 13) reader.skip(16)
  else if (code >= 0x15 && code <= 0x22) reader.skip(1)
  else if (code >= 0x54 && code <= 0x5b) {
    memoryArgument(reader)
    reader.skip(1)
  }
}

function refuse(reason: string): OperandReader {
  return () => {
    throw new ModuleRefusal(reason)
  }
}

const numbers = (count: number): OperandReader => {
  return reader => skipNumbers(reader, count)
}
const tailCall = (count: number): OperandReader => {
  return (reader, facts) => {
    facts.features.add('tail calls')
    skipNumbers(reader, count)
  }
}

/** Instructions from the first to the last code, and what reads their operands. */
const operandRanges: readonly (readonly [number, number, OperandReader])[] = [
  [0x00, 0x01, () => {}],
  [0x06, 0x0a, refuse(moduleRefusals.exceptions)],
  [0x0c, 0x0d, numbers(1)],
  [0x0e, 0x0e, reader => skipNumbers(reader, reader.unsigned() + 1)],
  [0x0f, 0x0f, () => {}],
  [0x10, 0x10, numbers(1)],
  [0x11, 0x11, numbers(2)],
  [0x12, 0x12, tailCall(1)],
  [0x13, 0x13, tailCall(2)],
  [0x14, 0x15, refuse(moduleRefusals.garbageCollection)],
  [0x18, 0x19, refuse(moduleRefusals.exceptions)],
  [0x1a, 0x1b, () => {}],
  [0x1c, 0x1c, selectTypes],
  [0x1f, 0x1f, refuse(moduleRefusals.exceptions)],
  [0x20, 0x26, numbers(1)],
  [0x28, 0x3e, memoryArgument],
  [0x3f, 0x40, memoryIndex],
  [0x41, 0x42, numbers(1)],
  [0x43, 0x43, reader => reader.skip(4)],
  [0x44, 0x44, reader => reader.skip(8)],
  [0x45, 0xbf, () => {}],
  [0xc0, 0xc4, (_, { features }) => void features.add('sign extension')],
  [0xd0, 0xd0, nullType],
  [0xd1, 0xd1, () => {}],
  [0xd2, 0xd2, numbers(1)],
  [0xd3, 0xd6, refuse(moduleRefusals.garbageCollection)],
  [0xfb, 0xfb, refuse(moduleRefusals.garbageCollection)],
  [0xfc, 0xfc, miscellaneous],
  [0xfd, 0xfd, simd],
  [0xfe, 0xfe, refuse(moduleRefusals.threads)],
]

const operandReaders: OperandReader[] = Array(256).fill(refuse(moduleRefusals.unknownInstruction))
for (const [first, last, read] of operandRanges) operandReaders.fill(read, first, last + 1)

/**
 * Passes over one expression, a function's or a constant's, and refuses what no device runs. Its time is linear in its
 * bytes, its memory constant.
 *
 * @throws {ModuleRefusal} @throws {RangeError} where the bytes end too early
 */
export function scanExpression(reader: ModuleReader, facts: CodeFacts): void {
  for (let depth = 1; depth > 0; ) {
    const code = reader.byte()
    if (code === 0x0b) depth--
    else if (code >= 0x02 && code <= 0x04) {
      blockType(reader, facts)
      if (++depth > codeLimits.depth) throw new ModuleRefusal(moduleRefusals.tooDeep(codeLimits.depth))
    } else if (code !== 0x05) (operandReaders[code] as OperandReader)(reader, facts)
  }
}

/** Passes over one function of the code section: its locals, then its expression. Throws as {@link scanExpression}. */
export function scanFunction(reader: ModuleReader, facts: CodeFacts): void {
  const body = reader.part(reader.unsigned())
  let locals = 0
  for (let left = body.unsigned(); left > 0; left--) {
    locals += body.unsigned()
    if (locals > codeLimits.locals) throw new ModuleRefusal(moduleRefusals.tooManyLocals(codeLimits.locals))
    readValueType(body, facts)
  }
  facts.allLocals += locals
  if (facts.allLocals > codeLimits.allLocals)
    throw new ModuleRefusal(moduleRefusals.localsTooMany(codeLimits.allLocals))
  scanExpression(body, facts)
  if (!body.isAtEnd) throw new RangeError('a function goes on after its end')
}
