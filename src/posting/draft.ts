import * as z from 'zod/mini'
import { Digest } from '../../protocol/digest.ts'
import { JobId } from '../../protocol/ids.ts'
import { Compare } from '../../protocol/jobs.ts'
import { TrialId } from '../../protocol/posting.ts'
import { exampleKernel } from './example-kernel.ts'

/** A file that the draft names; its bytes lie beside the draft, under `id`. */
export const ShelfFile = z.object({ id: z.string(), path: z.string(), bytes: z.int() })
export type ShelfFile = z.infer<typeof ShelfFile>

/** A module that was looked into and found fit. */
export const ModuleDraft = z.object({
  file: ShelfFile,
  digest: Digest,
  program: z.enum(['reactor', 'wasi']),
  memoryMaximumBytes: z.number(),
  imports: z.array(z.string()),
  features: z.array(z.string()),
})
export type ModuleDraft = z.infer<typeof ModuleDraft>

export const programWays = ['builtIn', 'file', 'source'] as const
export type ProgramWay = (typeof programWays)[number]

const ProgramDraft = z.object({
  way: z.enum(programWays),
  /** Id of the built-in kernel that was picked; empty before that. */
  kernelId: z.string(),
  /** What stands in the fields of each built-in kernel, as typed. */
  fields: z.record(z.string(), z.record(z.string(), z.string())),
  file: z.optional(ModuleDraft),
  source: z.string(),
  /** What the compiler made, and of which text. */
  compiled: z.optional(z.object({ module: ModuleDraft, source: z.string() })),
})
export type ProgramDraft = z.infer<typeof ProgramDraft>

export const inputWays = ['range', 'lines', 'files', 'sweep'] as const
export type InputWay = (typeof inputWays)[number]

/** Every way keeps what was typed, whichever is chosen. */
const InputDraft = z.object({
  way: z.enum(inputWays),
  from: z.string(),
  to: z.string(),
  size: z.string(),
  lines: z.optional(ShelfFile),
  format: z.enum(['text', 'csv', 'ndjson']),
  hasHeader: z.boolean(),
  files: z.array(ShelfFile),
  sweep: z.array(z.object({ name: z.string(), values: z.string() })),
  /** One argument a line. */
  arguments: z.string(),
  stdin: z.enum(['piece', 'empty']),
  shared: z.array(ShelfFile),
})
export type InputDraft = z.infer<typeof InputDraft>

export const mergeKinds = ['none', 'sum', 'minimum', 'maximum', 'concatenate', 'kernel'] as const
/** Probabilities that an accepted answer is wrong, one in so many. */
export const doubts = [10, 100, 1000, 10_000] as const

const TermsDraft = z.object({
  oneIn: z.number(),
  minReplicas: z.string(),
  maxReplicas: z.string(),
  /** As a date field has it: local time, without a zone; empty for none. */
  deadline: z.string(),
  /** Credits as typed; empty for enough. */
  budget: z.string(),
  merge: z.enum(mergeKinds),
  mergeModule: z.optional(ModuleDraft),
})
export type TermsDraft = z.infer<typeof TermsDraft>

export const steps = ['program', 'input', 'try', 'price', 'review'] as const
export type Step = (typeof steps)[number]

/** All that a person has told so far. It is kept in the browser until a job was made of it. */
export const Draft = z.object({
  step: z.enum(steps),
  program: ProgramDraft,
  input: InputDraft,
  compare: Compare,
  /** The server's check of exactly this program, input and comparison. */
  trial: z.optional(TrialId),
  terms: TermsDraft,
  title: z.string(),
  description: z.string(),
  /** The job that was made of it. */
  posted: z.optional(JobId),
})
export type Draft = z.infer<typeof Draft>

export const emptyDraft: Draft = {
  step: 'program',
  program: { way: 'builtIn', kernelId: '', fields: {}, source: exampleKernel },
  input: {
    way: 'range',
    from: '1',
    to: '10000000',
    size: '1000000',
    format: 'text',
    hasHeader: true,
    files: [],
    sweep: [{ name: 'x', values: '1\n2\n3' }],
    arguments: '',
    stdin: 'piece',
    shared: [],
  },
  compare: { kind: 'exact' },
  terms: { oneIn: 1000, minReplicas: '2', maxReplicas: '8', deadline: '', budget: '', merge: 'none' },
  title: '',
  description: '',
}

/** The module that a job would run; undefined for a built-in kernel, and as long as there is none. */
export function chosenModule({ program }: Pick<Draft, 'program'>): ModuleDraft | undefined {
  if (program.way === 'file') return program.file
  if (program.way === 'source' && program.compiled?.source === program.source) return program.compiled.module
  return undefined
}

/** Ids of the files whose bytes the draft needs. */
export function draftFiles({ program, input, terms }: Draft): string[] {
  const modules = [program.file, program.compiled?.module, terms.mergeModule]
  const files = [...modules.map(module => module?.file), input.lines, ...input.files, ...input.shared]
  return files.flatMap(file => (file === undefined ? [] : [file.id]))
}
