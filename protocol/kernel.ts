import type * as z from 'zod/mini'

/** Value of a reactor kernel's exported global `tidemill_abi`. */
export const kernelAbi = 1

/** The two contracts that a module may keep: steps that the host calls, or a WASI command that runs to its end. */
export type KernelProgram = 'reactor' | 'wasi'

/** `kernelId` of every job whose kernel somebody uploaded. */
export const programKernelId = 'program'

/** Bounds that a device keeps a kernel to, unless its job says otherwise. */
export const kernelLimits = {
  moduleBytes: 16 << 20,
  memoryBytes: 256 << 20,
  outputBytes: 1 << 20,
  /** Of a WASI command's standard error; what comes after it is dropped. */
  logBytes: 64 << 10,
} as const

/**
 * How long a WASI command may run where its job's tasks earn so much credit, in milliseconds. A reactor is watched by its
 * steps; a command has none, so this is what ends one that never would. Thirty times what the reference core needs is
 * more than any honest device takes, so that all of them come to the same failure.
 */
export const commandCapMs = (credit: number): number => Math.max(60_000, Math.ceil(credit * 30_000))

/** Exports of a reactor kernel. Pointers and lengths are unsigned 32-bit, whatever sign JavaScript shows. */
export interface ReactorExports {
  readonly memory: WebAssembly.Memory
  readonly tidemill_abi: WebAssembly.Global
  /** Where the host writes `size` bytes. */
  alloc(size: number): number
  /** Reads the input; 0, or an error code of the kernel's own. */
  start(pointer: number, length: number): number
  /** Works for about `budget` units: 1 more to do, 0 done, negative an error. */
  step(budget: number): number
  /** True work done, 0 to 1. */
  progress(): number
  /** pointer << 32 | length */
  output(): bigint
  /** pointer << 32 | length of the kernel's own checkpoint. */
  save?(): bigint
  /** Continues from a checkpoint instead of {@link start}; 0, or an error code of the kernel's own. */
  restore?(pointer: number, length: number): number
}

export const languages = ['en', 'zh'] as const
export type Language = (typeof languages)[number]

/** What people read about a kernel, in one language. */
export interface KernelText {
  readonly title: string
  /** One sentence: what is looked for, and why. */
  readonly aim: string
  /** How the kernel works. */
  readonly method: string
  /** How results are checked, for this kernel. */
  readonly checked: string
  /** A short lesson for the curious, paragraphs. */
  readonly lesson: readonly string[]
  readonly parameters: Readonly<Record<string, string>>
  readonly columns: Readonly<Record<string, string>>
}

export type Cell = string | number

/**
 * All that the house knows about a built-in kernel beside its code: one value per folder of `wasm/`.
 *
 * @typeParam Parameters JSON-safe; 64-bit numbers are decimal strings
 * @typeParam Output one task's output, decoded
 * @typeParam Summary JSON-safe merge of accepted outputs; neither merge may depend on the order
 */
export interface KernelDescriptor<Parameters = unknown, Output = unknown, Summary = unknown> {
  readonly id: string
  readonly area: 'mathematics' | 'climate'
  readonly text: Readonly<Record<Language, KernelText>>
  readonly parameters: z.ZodMiniType<Parameters>
  /** Parameters of the job that an empty database starts with. */
  readonly seed: Parameters
  /** How many tasks the job has. */
  taskCount(parameters: Parameters): bigint
  /** Seconds of the reference core that a task needs: its credit. */
  taskCredit(parameters: Parameters): number
  encodeInput(parameters: Parameters, index: bigint): Uint8Array<ArrayBuffer>
  /** One plain sentence: what this task does. */
  describeTask(parameters: Parameters, index: bigint, language: Language): string
  /** @throws {RangeError} where the bytes are not an output of this kernel */
  decodeOutput(output: Uint8Array): Output
  /** Column names of {@link rows}, in order. */
  readonly columns: readonly string[]
  /** The accepted output as table rows, for downloads. */
  rows(output: Output): readonly (readonly Cell[])[]
  readonly emptySummary: Summary
  addOutput(summary: Summary, output: Output): Summary
  /** What two sets of outputs say together. */
  mergeSummaries(one: Summary, other: Summary): Summary
}
