import * as z from 'zod/mini'
import { Base64Url } from './bytes.ts'
import { Digest } from './digest.ts'
import { Count, JobId } from './ids.ts'
import { Compare, Merge, Policy } from './jobs.ts'
import { isPlainText } from './plain-text.ts'

/** What a poster wants to have run. */
export const PostedKernel = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('builtIn'), id: z.string() }),
  /** A module that has been stored with `POST /api/blobs`; its parameters are `ProgramParameters`. */
  z.object({ kind: z.literal('upload'), digest: Digest }),
])
export type PostedKernel = z.infer<typeof PostedKernel>

/** Body of `POST /api/trials`: the server runs a few tasks of it in its sandbox, each twice. */
export const NewTrial = z.object({
  kernel: PostedKernel,
  parameters: z.unknown(),
  compare: z._default(Compare, { kind: 'exact' }),
})
export type NewTrial = z.infer<typeof NewTrial>

/** What came of one task in the sandbox. */
export const TrialSample = z.object({
  index: Count,
  outputDigest: Digest,
  outputBytes: z.int(),
  /** The output's first bytes. */
  outputHead: Base64Url,
  /** What the program wrote to its log, its first characters. */
  log: z.string(),
  elapsedMs: z.number(),
  memoryBytes: z.int(),
})
export type TrialSample = z.infer<typeof TrialSample>

export const TrialOutcome = z.discriminatedUnion('kind', [
  /** Every sample gave the same answer each time: a job may be made of it. */
  z.object({
    kind: z.literal('passed'),
    /** Seconds of the reference core that a task takes, as measured: what an accepted replica earns. */
    creditPerTask: z.number(),
    samples: z.array(TrialSample),
  }),
  /** Two runs of one task gave different bytes. */
  z.object({
    kind: z.literal('different'),
    index: Count,
    /** Where, from 0. */
    firstDifference: z.int(),
    /** What the two runs have there: at most 32 bytes around it. */
    one: Base64Url,
    other: Base64Url,
    samples: z.array(TrialSample),
  }),
  /** A task failed, so that it would fail everywhere. `reason` is a sentence. */
  z.object({
    kind: z.literal('failed'),
    index: Count,
    reason: z.string(),
    log: z.string(),
    samples: z.array(TrialSample),
  }),
  /** No task was run: the module or its parameters are not what Tidemill takes. `reason` is a sentence. */
  z.object({ kind: z.literal('refused'), reason: z.string() }),
])
export type TrialOutcome = z.infer<typeof TrialOutcome>

export const TrialId = z.guid().brand<'TrialId'>()
export type TrialId = z.infer<typeof TrialId>

/** Answer to `POST /api/trials` and `GET /api/trials/:id`. */
export const Trial = z.object({
  id: TrialId,
  ...NewTrial.shape,
  tasks: Count,
  /** Runs that are over, of how many. */
  progress: z.object({ done: z.int(), of: z.int() }),
  /** Absent while it runs. */
  outcome: z.optional(TrialOutcome),
})
export type Trial = z.infer<typeof Trial>

export const jobTextLimits = { title: 80, description: 2000 } as const

/** Body of `POST /api/jobs`: a trial that passed becomes a job. */
export const NewJob = z.object({
  trial: TrialId,
  title: z.string().check(z.trim(), z.minLength(1), z.maxLength(jobTextLimits.title), isPlainText),
  description: z._default(z.string().check(z.trim(), z.maxLength(jobTextLimits.description), isPlainText), ''),
  policy: z._default(Policy, Policy.parse({})),
  /** Most that its accepted replicas may earn together, in credits. */
  budgetCredits: z.number().check(z.positive(), z.maximum(1e12)),
  /** No task is handed out after it. */
  deadline: z.optional(z.iso.datetime()),
  merge: z._default(Merge, { kind: 'none' }),
})
export type NewJob = z.infer<typeof NewJob>

/** Answer to `POST /api/jobs` and `POST /api/jobs/:id/rerun`. */
export const PostedJob = z.object({ id: JobId })

/** Answer to `GET /api/posting`: what this account may post, and what it has. */
export const Posting = z.object({
  /** `off`: this server takes no jobs from the web. */
  sponsored: z.enum(['on', 'off']),
  openJobs: z.object({ used: z.int(), most: z.int() }),
  blobBytes: z.object({ used: z.int(), most: z.int() }),
  /** Budgets of its open jobs together. */
  credits: z.object({ used: z.number(), most: z.number() }),
  jobs: z.array(JobId),
})
export type Posting = z.infer<typeof Posting>
