import type { Job } from '../../protocol/jobs.ts'

/** What one answer of the server told: how many tasks were judged by then. */
export interface Sample {
  readonly at: number
  readonly judged: bigint
}

/** When the rest will be done, or why that cannot be told. */
export type Estimate =
  /** Nothing is left, or nothing goes on. */
  | { readonly kind: 'none' }
  | { readonly kind: 'nobody' }
  | { readonly kind: 'nothingYet' }
  | { readonly kind: 'measuring' }
  /** No verdict fell for so long. */
  | { readonly kind: 'quiet'; readonly sinceMs: number }
  | { readonly kind: 'about'; readonly remainingMs: number }

/** What is older says little about the pace of now. */
const windowMs = 10 * 60_000
/** A shorter look says nothing about a pace. */
const shortestMs = 15_000
const quietMs = 60_000

export const judgedOf = ({ accepted, failed, disputed }: Pick<Job, 'accepted' | 'failed' | 'disputed'>): bigint =>
  BigInt(accepted) + BigInt(failed) + BigInt(disputed)

/** Adds what was just told; begins anew where a verdict was overturned. */
export function addSample(samples: readonly Sample[], next: Sample): readonly Sample[] {
  const last = samples.at(-1)
  if (last !== undefined && next.at <= last.at) return samples
  if (last !== undefined && next.judged < last.judged) return [next]
  return [...samples.filter(({ at }) => at >= next.at - windowMs), next]
}

/** Reckons with the pace of the window, and with nothing else: what was slow an hour ago may be fast now. */
export function estimateEnd(
  job: Pick<Job, 'state' | 'tasks' | 'accepted' | 'failed' | 'disputed'>,
  samples: readonly Sample[],
  activeDevices: number | undefined,
): Estimate {
  const judged = judgedOf(job)
  const left = BigInt(job.tasks) - judged
  if (job.state !== 'active' || left <= 0n) return { kind: 'none' }
  const [first, last] = [samples[0], samples.at(-1)]
  const elapsedMs = first && last ? last.at - first.at : 0
  const done = first && last ? last.judged - first.judged : 0n
  if (done > 0n && elapsedMs >= shortestMs)
    return { kind: 'about', remainingMs: (Number(left) * elapsedMs) / Number(done) }
  if (activeDevices === 0 && done === 0n) return { kind: 'nobody' }
  if (judged === 0n) return { kind: 'nothingYet' }
  return done === 0n && elapsedMs >= quietMs ? { kind: 'quiet', sinceMs: elapsedMs } : { kind: 'measuring' }
}

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const steps = [
  { below: minute, step: 10 * second },
  { below: 10 * minute, step: minute },
  { below: hour, step: 5 * minute },
  { below: 10 * hour, step: 10 * minute },
  { below: 48 * hour, step: hour },
  { below: Number.POSITIVE_INFINITY, step: 24 * hour },
]

/** Rounds up to what an estimate may claim to know. */
export function roundEstimate(milliseconds: number): number {
  const { step } = steps.find(({ below }) => milliseconds < below) ?? { step: 24 * hour }
  return Math.max(step, Math.ceil(milliseconds / step) * step)
}
