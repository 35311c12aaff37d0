import * as z from 'zod/mini'
import { Policy } from './jobs.ts'
import { jobTextLimits } from './posting.ts'
import { FilePath, programLimits } from './program.ts'

/** A path on the poster's machine, from the folder of job.json. */
const LocalPath = z.string().check(
  z.minLength(1, 'expected the path of a file'),
  z.refine(path => !path.includes('\0'), 'expected a path'),
)

const wholeExpected = 'expected a whole number of 64 bits; past 2^53 write it as text'

const Whole = z.union(
  [
    z.int(),
    z.string().check(
      z.regex(/^(0|-?[1-9]\d{0,18})$/, { error: wholeExpected, abort: true }),
      z.refine(text => BigInt.asIntN(64, BigInt(text)) === BigInt(text), wholeExpected),
    ),
  ],
  wholeExpected,
)

const SweepValue = z.union([z.string(), z.number()], 'expected a text or a number')

const Input = z
  .discriminatedUnion('kind', [
    z
      .strictObject({
        kind: z.literal('range'),
        from: Whole.check(z.describe('The first whole number.')),
        to: Whole.check(z.describe('The last whole number: it belongs to the range.')),
        size: z._default(Whole, 1).check(z.describe('How many numbers a task has.')),
      })
      .check(z.describe('Whole numbers, cut into pieces. Placeholders: {from}, {to}, {index}.')),
    z
      .strictObject({
        kind: z.literal('lines'),
        file: LocalPath.check(z.describe('A text file in UTF-8, or a CSV file.')),
        format: z.optional(
          z
            .enum(['text', 'csv', 'ndjson'])
            .check(z.describe('Left out: csv where the name ends so. Records of csv may have line ends in quotes.')),
        ),
        header: z.optional(
          z.boolean().check(z.describe('Whether the first line names the columns and comes before each: in csv, yes.')),
        ),
      })
      .check(z.describe('One task a line of text or record of a CSV file, on standard input. Placeholder: {index}.')),
    z
      .strictObject({
        kind: z.literal('files'),
        files: z
          .array(LocalPath)
          .check(
            z.minLength(1, 'expected at least one path or pattern'),
            z.describe('Paths, or patterns with * and **.'),
          ),
      })
      .check(z.describe('One task a file, on standard input and in the tree. Placeholders: {file}, {index}.')),
    z
      .strictObject({ kind: z.literal('archive'), file: LocalPath.check(z.describe('A .zip, .tar or .tar.gz.')) })
      .check(z.describe('One task a file of the archive. Placeholders: {file}, {index}.')),
    z
      .strictObject({
        kind: z.literal('sweep'),
        values: z.record(
          z.string(),
          z
            .array(SweepValue)
            .check(z.minLength(1, 'expected at least one value'), z.maxLength(programLimits.sweepValues)),
        ),
      })
      .check(z.describe('One task for every combination of the values. Placeholders: the names, {index}.')),
  ])
  .check(z.describe('How the job becomes tasks.'))

const LocalMerge = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.enum(['sum', 'minimum', 'maximum']) }),
  z.strictObject({ kind: z.literal('concatenate') }),
  z.strictObject({ kind: z.literal('kernel'), program: LocalPath }),
])

/** What `npm run post` reads: a job in one file, all paths relative to it. */
export const JobFileDescription = z
  .strictObject({
    $schema: z.optional(z.string()),
    title: z.string().check(z.minLength(1), z.maxLength(jobTextLimits.title)),
    description: z.optional(z.string().check(z.maxLength(jobTextLimits.description))),
    program: z.optional(LocalPath.check(z.describe('A WebAssembly module: a WASI command or a reactor kernel.'))),
    kernel: z.optional(z.string().check(z.describe('Instead of `program`: the id of a built-in kernel.'))),
    parameters: z.optional(
      z.record(z.string(), z.unknown()).check(z.describe('Of a built-in kernel, as its descriptor defines them.')),
    ),
    arguments: z.optional(
      z
        .array(z.string().check(z.maxLength(programLimits.argumentLength)))
        .check(
          z.maxLength(programLimits.arguments),
          z.describe('Of a WASI command; {index} and others stand for what differs.'),
        ),
    ),
    stdin: z.optional(
      z.enum(['piece', 'empty']).check(z.describe('Whether a WASI command finds its piece on standard input (piece).')),
    ),
    input: z.optional(Input),
    shared: z.optional(
      z
        .array(
          z.union(
            [LocalPath, z.strictObject({ file: LocalPath, path: FilePath })],
            'expected a path, or {"file": path, "path": where the program finds it}',
          ),
        )
        .check(z.maxLength(programLimits.sharedFiles), z.describe('Files that every task finds in its tree.')),
    ),
    policy: z.optional(Policy),
    budgetCredits: z.optional(
      z
        .number()
        .check(z.positive(), z.describe('Most that the job may cost; left out: a quarter more than it should.')),
    ),
    deadline: z.optional(
      z.iso.datetime().check(z.describe('No task is handed out after it, for example 2027-01-31T12:00:00Z.')),
    ),
    merge: z.optional(LocalMerge.check(z.describe('What becomes of the outputs once all tasks are done.'))),
  })
  .check(
    z.refine(
      ({ program, kernel }) => (program === undefined) !== (kernel === undefined),
      'expected either "program", the path of a .wasm file, or "kernel", the id of a built-in kernel',
    ),
    z.refine(
      ({ program, parameters }) => program === undefined || parameters === undefined,
      '"parameters" belong to a built-in kernel; a program has "arguments" and "input"',
    ),
    z.refine(
      ({ kernel, parameters }) => kernel === undefined || parameters !== undefined,
      'a built-in kernel needs its "parameters"',
    ),
    z.refine(
      job =>
        job.kernel === undefined || [job.arguments, job.stdin, job.input, job.shared].every(part => part === undefined),
      'a built-in kernel has "parameters" alone: no "arguments", "stdin", "input" or "shared"',
    ),
    z.refine(
      ({ program, input }) => program === undefined || input !== undefined,
      'a program needs its "input": how the job becomes tasks',
    ),
  )
export type JobFileDescription = z.infer<typeof JobFileDescription>

/** The JSON Schema of job.json, for editors. */
export const jobFileSchema = () => z.toJSONSchema(JobFileDescription, { io: 'input' })

type Issue = z.core.$ZodIssue

function messageOf(issue: Issue): string {
  if (issue.code === 'unrecognized_keys') return `there is no ${issue.keys.map(key => `"${key}"`).join(', ')} here`
  return issue.message.replace(/^Invalid input: /, '').replace(', received undefined', ', and it is missing')
}

/** What is wrong with a job.json, a sentence each, with its place. */
export const jobFileProblems = (error: { readonly issues: readonly Issue[] }): string[] =>
  error.issues.map(issue => {
    const message = messageOf(issue)
    const place = issue.path.length === 0 ? '' : `${issue.path.join('.')}: `
    return `${place}${message}${message.endsWith('.') ? '' : '.'}`
  })
