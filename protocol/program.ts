import * as z from 'zod/mini'
import { Base64Url } from './bytes.ts'
import { Digest } from './digest.ts'
import { Count } from './ids.ts'
import { isPlainText } from './plain-text.ts'

/** `kernelId` of every job whose kernel somebody uploaded. */
export const programKernelId = 'program'

/** Bounds of what a poster may describe; what may be stored is bounded by the server's quotas. */
export const programLimits = {
  arguments: 64,
  argumentLength: 4096,
  sharedFiles: 100,
  pathLength: 512,
  sweepNames: 16,
  sweepValues: 10_000,
  headerLength: 64 << 10,
  /** One line of a text file, one record of a table. */
  lineBytes: 4 << 20,
  /** All files that one task sees, its piece among them: a device holds them in memory. */
  taskBytes: 512 << 20,
  /** A list of files or packs, as JSON. */
  listBytes: 16 << 20,
} as const

const isPath = (path: string): boolean =>
  path.split('/').every(part => part !== '' && part !== '.' && part !== '..') && !/[\\\p{C}]/u.test(path)

/** Where a program finds a file: names with `/` between, from the root of its read-only tree. */
export const FilePath = z
  .string()
  .check(
    z.minLength(1),
    z.maxLength(programLimits.pathLength),
    z.refine(isPath, 'expected names with / between, none of them . or ..'),
  )

/** A file of a job, by the blob that it is. */
export const JobFile = z.object({ path: FilePath, digest: Digest, bytes: z.int().check(z.minimum(0)) })
export type JobFile = z.infer<typeof JobFile>

/** Lines or records in one blob: `pack-lines.ts` draws its layout. */
export const LinePack = z.object({ digest: Digest, bytes: z.int(), lines: z.int().check(z.minimum(1)) })
export type LinePack = z.infer<typeof LinePack>

/** What the list blob of a split says, as JSON. */
export const FileList = z.array(JobFile).check(z.minLength(1))
export const LineList = z.array(LinePack).check(z.minLength(1))
export type SplitList =
  | { readonly kind: 'files'; readonly files: readonly JobFile[] }
  | { readonly kind: 'lines'; readonly packs: readonly LinePack[] }

const Whole = z.string().check(
  z.regex(/^(0|-?[1-9]\d{0,18})$/, { error: 'expected a whole number, in decimal', abort: true }),
  z.refine(text => BigInt.asIntN(64, BigInt(text)) === BigInt(text), 'expected a number of 64 bits'),
)

const Positive = Count.check(z.refine(text => text !== '0', 'expected at least 1'))
const Name = z.string().check(z.regex(/^[A-Za-z_]\w{0,63}$/, 'expected a name of letters, digits and _'))

/** How a job of an uploaded program becomes tasks. */
export const Split = z.discriminatedUnion('kind', [
  /** The whole numbers `from` to `to`, both included, in pieces of `size`. */
  z.object({ kind: z.literal('range'), from: Whole, to: Whole, size: Positive }),
  /** One task a line of text or a record of a table; `header`, where there is one, comes before each. */
  z.object({
    kind: z.literal('lines'),
    list: Digest,
    count: Positive,
    header: z.optional(z.string().check(z.maxLength(programLimits.headerLength), isPlainText)),
  }),
  z.object({ kind: z.literal('files'), list: Digest, count: Positive }),
  /** One task for every combination of the values; the last name varies fastest. */
  z.object({
    kind: z.literal('sweep'),
    grid: z
      .array(
        z.object({
          name: Name,
          values: z
            .array(z.string().check(z.maxLength(programLimits.argumentLength), isPlainText))
            .check(z.minLength(1), z.maxLength(programLimits.sweepValues)),
        }),
      )
      .check(
        z.minLength(1),
        z.maxLength(programLimits.sweepNames),
        z.refine(grid => new Set(grid.map(({ name }) => name)).size === grid.length, 'expected each name once'),
      ),
  }),
])
export type Split = z.infer<typeof Split>

/** `parameters` of a job whose `kernelId` is {@link programKernelId}. */
export const ProgramParameters = z
  .object({
    /** Which of the two contracts of `docs/kernel-author.md` the module keeps. */
    kind: z.enum(['wasi', 'reactor']),
    split: Split,
    /**
     * Of a WASI command. Placeholders stand for what differs between tasks: `{index}`; `{from}` and `{to}` of a range;
     * `{file}`, the path, of files; names of a sweep. `{{` is a brace.
     */
    arguments: z
      .array(z.string().check(z.maxLength(programLimits.argumentLength), isPlainText))
      .check(z.maxLength(programLimits.arguments)),
    /** Whether a WASI command finds its piece on its standard input. */
    stdin: z.enum(['piece', 'empty']),
    /** Files that every task of a WASI command finds in its tree. */
    shared: z.array(JobFile).check(z.maxLength(programLimits.sharedFiles)),
  })
  .check(
    z.refine(
      ({ kind, arguments: given, shared }) => kind === 'wasi' || given.length + shared.length === 0,
      'a reactor kernel takes no arguments and no shared files',
    ),
    z.refine(
      ({ split }) => split.kind !== 'range' || BigInt(split.from) <= BigInt(split.to),
      'expected the first number not to be after the last',
    ),
  )
export type ProgramParameters = z.infer<typeof ProgramParameters>

/** Bytes of a task, or where to fetch them. */
export const Piece = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('bytes'), bytes: Base64Url }),
  z.object({ kind: z.literal('blob'), digest: Digest, bytes: z.int() }),
  z.object({ kind: z.literal('line'), pack: Digest, bytes: z.int(), line: z.int(), header: z.optional(z.string()) }),
])
export type Piece = z.infer<typeof Piece>

/**
 * The input of one task of an uploaded program, as its lease carries it: JSON whose keys stand in this order, so that
 * the same task has the same input digest everywhere. Blobs are named by their digests, so that covers them too.
 */
export const TaskInput = z.object({
  index: Count,
  kind: z.enum(['wasi', 'reactor']),
  arguments: z.array(z.string()),
  /** Standard input of a command, input of a reactor. */
  piece: Piece,
  files: z.array(JobFile),
})
export type TaskInput = z.infer<typeof TaskInput>
