/**
 * Why no device runs a module, in one sentence each: what was found and what to change. Like all reasons of a failure they
 * are compared between devices, so they say nothing that two engines would say differently.
 */
export const moduleRefusals = {
  notWebAssembly: 'The module is not well-formed WebAssembly: compile it to a core module, version 1.',
  component:
    'The module is a WebAssembly component: compile it to a core module, for Rust with the target wasm32-wasip1.',
  moduleTooLarge: (bytes: number, cap: number) =>
    `The module of ${bytes} bytes is over the cap of ${cap}: compile with -Os and strip debug information.`,
  foreignImport: (module: string, name: string) =>
    `The module imports ${module}.${name}, which no device offers: only the calls of wasi_snapshot_preview1 and env.abort may be imported.`,
  wasiInReactor: (name: string) =>
    `The module exports tidemill_abi and imports wasi_snapshot_preview1.${name}: a reactor gets no WASI, so build it without, or as a command that exports _start.`,
  neitherProgram:
    'The module exports neither _start (a WASI command) nor tidemill_abi (a reactor): link it as a command, or export what the reactor contract asks.',
  missingExport: (name: string) =>
    `The module does not export ${name} as the reactor contract asks: export memory, tidemill_abi, alloc, start, step, progress and output.`,
  noMemoryExport: 'The module does not export its memory: export it under the name memory.',
  noMemory: 'The module must declare exactly one memory: compile it without multi-memory and without --import-memory.',
  memoryTooLarge: (bytes: number, cap: number) =>
    `The module asks for ${bytes} bytes of memory at its start, over the cap of ${cap}: give it a smaller initial memory.`,
  threads: 'The module uses shared memory or atomics: compile without threads (-pthread, -matomics, +atomics).',
  memory64: 'The module uses 64-bit memory or tables: compile for wasm32.',
  pageSize: 'The module declares memory pages of another size than 64 KiB: compile without custom page sizes.',
  relaxedSimd:
    'The module uses relaxed SIMD, whose results differ between devices: compile without it (-mno-relaxed-simd, -relaxed-simd).',
  exceptions:
    'The module uses WebAssembly exceptions, which not every device has: compile without them (-fno-exceptions, panic=abort).',
  garbageCollection:
    'The module uses reference types of garbage collection or string references, which not every device has: compile to linear memory.',
  tableTooLarge: (entries: number, cap: number) =>
    `The tables of the module hold ${entries} entries, over the cap of ${cap}: declare smaller tables.`,
  tooManyTables: (cap: number) => `The module declares more than ${cap} tables: link it with one.`,
  tooManyNames: (cap: number) =>
    `The module imports or exports more than ${cap} names: export only what its contract asks for.`,
  growingTable: (cap: number) =>
    `The module grows a table without a maximum: declare for each table one, together at most ${cap} entries.`,
  tooManyLocals: (cap: number) =>
    `A function of the module declares more than ${cap} locals: split it, or keep large arrays in memory.`,
  localsTooMany: (cap: number) =>
    `The functions of the module declare more than ${cap} locals together: keep large arrays in memory.`,
  tooDeep: (cap: number) => `A function of the module nests more than ${cap} blocks: split it.`,
  unknownInstruction: 'The module uses an instruction that Tidemill does not know: compile for WebAssembly 2.0.',
} as const
