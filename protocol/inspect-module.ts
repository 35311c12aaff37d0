import { type KernelProgram, kernelLimits } from './kernel.ts'
import { ModuleReader, ModuleRefusal } from './module-reader.ts'
import { moduleRefusals } from './module-refusals.ts'
import { type CodeFacts, readValueType, scanExpression, scanFunction } from './scan-function.ts'
import { wasiCalls, wasiModule } from './wasi-calls.ts'

/** What the bytes of a module say about themselves, or why no device runs them. `reason` is a sentence. */
export type Inspection =
  | {
      readonly kind: 'fit'
      readonly program: KernelProgram
      /** What its memory may grow to: what it declares, or the cap where it declares nothing or more. */
      readonly memoryMaximumBytes: number
      readonly imports: readonly { readonly module: string; readonly name: string }[]
      readonly exports: readonly string[]
      /** What it uses beyond the first version of WebAssembly, in words: `SIMD`, `bulk memory`. */
      readonly features: readonly string[]
      readonly moduleBytes: number
      readonly functions: number
    }
  | { readonly kind: 'refused'; readonly reason: string }

/** Entries of all tables together. An engine keeps some 24 bytes for each. */
export const tableEntries = 1_000_000

/** Imports and exports of a module, each. */
const nameLimit = 10_000
const tableLimit = 100

export const pageBytes = 65536
export const sectionIds = {
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  code: 10,
  tag: 13,
} as const
const functionKind = 0
const memoryKind = 2
const reactorExports = ['alloc', 'start', 'step', 'progress', 'output']

interface Facts extends CodeFacts {
  readonly imports: { module: string; name: string }[]
  readonly exports: Map<string, number>
  functions: number
  memory: { readonly initialBytes: number; readonly maximumBytes: number } | undefined
  readonly tables: { readonly initial: number; readonly maximum: number }[]
}

/** Limits of a memory or a table, whose flags are refused alike. */
function readLimits(reader: ModuleReader): { initial: number; maximum: number } {
  const flags = reader.unsigned()
  if (flags & 2) throw new ModuleRefusal(moduleRefusals.threads)
  if (flags & 4) throw new ModuleRefusal(moduleRefusals.memory64)
  if (flags & 8) throw new ModuleRefusal(moduleRefusals.pageSize)
  if (flags > 1) throw new RangeError('no limits')
  const initial = reader.unsigned()
  return { initial, maximum: flags === 1 ? reader.unsigned() : Number.POSITIVE_INFINITY }
}

function readType(reader: ModuleReader, facts: Facts): void {
  const form = reader.byte()
  if (form >= 0x4d && form <= 0x5f) throw new ModuleRefusal(moduleRefusals.garbageCollection)
  if (form !== 0x60) throw new RangeError('no function type')
  for (let left = reader.unsigned(); left > 0; left--) readValueType(reader, facts)
  const results = reader.unsigned()
  if (results > 1) facts.features.add('multi-value')
  for (let left = results; left > 0; left--) readValueType(reader, facts)
}

function readImport(reader: ModuleReader, facts: Facts): void {
  const module = reader.name()
  const name = reader.name()
  const isAllowed =
    (module === 'env' && name === 'abort') || (module === wasiModule && wasiCalls.some(call => call === name))
  // Only functions are ever allowed, so the other kinds' encodings need no reading.
  if (!isAllowed || reader.byte() !== functionKind) throw new ModuleRefusal(moduleRefusals.foreignImport(module, name))
  reader.skipNumber()
  facts.imports.push({ module, name })
  if (facts.imports.length > nameLimit) throw new ModuleRefusal(moduleRefusals.tooManyNames(nameLimit))
}

function readTable(reader: ModuleReader, facts: Facts): void {
  // 0x40 announces a table with an initial value, which came with the types of garbage collection.
  const type = reader.byte()
  if (type === 0x40) throw new ModuleRefusal(moduleRefusals.garbageCollection)
  if (type >= 0x7b) throw new RangeError('no reference type')
  // A table of functions is as old as WebAssembly itself.
  if (type !== 0x70) readValueType(reader, facts, type)
  facts.tables.push(readLimits(reader))
  const entries = facts.tables.reduce((sum, { initial }) => sum + initial, 0)
  if (entries > tableEntries) throw new ModuleRefusal(moduleRefusals.tableTooLarge(entries, tableEntries))
  if (facts.tables.length > tableLimit) throw new ModuleRefusal(moduleRefusals.tooManyTables(tableLimit))
}

function readMemory(reader: ModuleReader, facts: Facts): void {
  if (facts.memory) throw new ModuleRefusal(moduleRefusals.noMemory)
  const { initial, maximum } = readLimits(reader)
  const cap = kernelLimits.memoryBytes
  const initialBytes = initial * pageBytes
  if (initialBytes > cap) throw new ModuleRefusal(moduleRefusals.memoryTooLarge(initialBytes, cap))
  facts.memory = { initialBytes, maximumBytes: Math.min(cap, maximum * pageBytes) }
}

function readGlobal(reader: ModuleReader, facts: Facts): void {
  readValueType(reader, facts)
  if (reader.byte() > 1) throw new ModuleRefusal(moduleRefusals.threads)
  scanExpression(reader, facts)
}

function readExport(reader: ModuleReader, facts: Facts): void {
  const name = reader.name()
  facts.exports.set(name, reader.byte())
  reader.skipNumber()
  if (facts.exports.size > nameLimit) throw new ModuleRefusal(moduleRefusals.tooManyNames(nameLimit))
}

const entryReaders: Readonly<Record<number, (reader: ModuleReader, facts: Facts) => void>> = {
  [sectionIds.type]: readType,
  [sectionIds.import]: readImport,
  [sectionIds.table]: readTable,
  [sectionIds.memory]: readMemory,
  [sectionIds.global]: readGlobal,
  [sectionIds.export]: readExport,
  [sectionIds.code]: scanFunction,
}

const magic = [0x00, 0x61, 0x73, 0x6d]

function readModule(bytes: Uint8Array): Facts {
  const reader = new ModuleReader(bytes)
  if (magic.some(byte => reader.byte() !== byte)) throw new RangeError('no module')
  const [version, , layer] = [reader.byte(), reader.byte(), reader.byte(), reader.byte()]
  if (layer === 1) throw new ModuleRefusal(moduleRefusals.component)
  if (version !== 1 || layer !== 0) throw new RangeError('another version')
  const facts: Facts = {
    ...{ features: new Set(), allLocals: 0, growsTable: false },
    ...{ imports: [], exports: new Map(), functions: 0, memory: undefined, tables: [] },
  }
  while (!reader.isAtEnd) {
    const id = reader.byte()
    const section = reader.part(reader.unsigned())
    if (id === sectionIds.tag) throw new ModuleRefusal(moduleRefusals.exceptions)
    if (id === sectionIds.function) facts.functions = section.unsigned()
    const readEntry = entryReaders[id]
    if (readEntry === undefined) continue
    for (let left = section.unsigned(); left > 0; left--) readEntry(section, facts)
    if (!section.isAtEnd) throw new RangeError('a section goes on after its end')
  }
  return facts
}

function programOf({ imports, exports }: Facts): KernelProgram {
  if (exports.has('tidemill_abi')) {
    const missing = reactorExports.find(name => exports.get(name) !== functionKind)
    if (missing !== undefined) throw new ModuleRefusal(moduleRefusals.missingExport(missing))
    const call = imports.find(({ module }) => module === wasiModule)
    if (call) throw new ModuleRefusal(moduleRefusals.wasiInReactor(call.name))
    return 'reactor'
  }
  if (exports.get('_start') !== functionKind) throw new ModuleRefusal(moduleRefusals.neitherProgram)
  return 'wasi'
}

function inspect(bytes: Uint8Array): Inspection {
  const facts = readModule(bytes)
  if (facts.memory === undefined) throw new ModuleRefusal(moduleRefusals.noMemory)
  if (facts.growsTable && facts.tables.reduce((sum, { maximum }) => sum + maximum, 0) > tableEntries)
    throw new ModuleRefusal(moduleRefusals.growingTable(tableEntries))
  const program = programOf(facts)
  if (facts.exports.get('memory') !== memoryKind) throw new ModuleRefusal(moduleRefusals.noMemoryExport)
  const { memory, imports, exports, features, functions } = facts
  return {
    ...{ kind: 'fit', program, memoryMaximumBytes: memory.maximumBytes, imports, functions },
    exports: [...exports.keys()],
    features: [...features].sort(),
    moduleBytes: bytes.length,
  }
}

/**
 * Reads from the binary what JavaScript cannot ask of a compiled module, and refuses, by the same sentence on every device,
 * what the kernel contract refuses. It is no validation: an engine may still refuse what this finds fit.
 *
 * Its time is linear in the module's bytes, and nothing is allocated for what a hostile module only claims to hold.
 */
export function inspectModule(bytes: Uint8Array): Inspection {
  if (bytes.length > kernelLimits.moduleBytes)
    return { kind: 'refused', reason: moduleRefusals.moduleTooLarge(bytes.length, kernelLimits.moduleBytes) }
  try {
    return inspect(bytes)
  } catch (error) {
    if (error instanceof ModuleRefusal) return { kind: 'refused', reason: error.message }
    if (error instanceof RangeError) return { kind: 'refused', reason: moduleRefusals.notWebAssembly }
    throw error
  }
}
