import * as z from 'zod/mini'
import type { OwnResult } from '../../protocol/account.ts'
import { parseTaskId } from '../../protocol/ids.ts'
import type { Job } from '../../protocol/jobs.ts'
import { CollatzParameters } from '../../wasm/collatz-records/descriptor.ts'

/** Starts of records that lie in ranges which this account computed and which were accepted. */
export function ownFinds(job: Job, results: readonly OwnResult[], starts: readonly string[]): string[] {
  const parameters = CollatzParameters.safeParse(job.parameters)
  // A job that runs tasks of another one again has them under numbers of its own.
  if (!parameters.success || job.rerunOf !== undefined) return []
  const { from, startsPerTask } = parameters.data
  const own = new Set(
    results
      .filter(({ jobId, state }) => jobId === job.id && state === 'accepted')
      .map(({ taskId }) => parseTaskId(taskId).index),
  )
  return starts.filter(start => own.has((BigInt(start) - BigInt(from)) / BigInt(startsPerTask)))
}

const Starts = z.catch(z.array(z.string()), [])

/**
 * Finds of earlier days together with those of now. The server lists the newest results only, and a find stays one's own;
 * so this browser remembers it. `owner` names account and job.
 */
export function rememberFinds(owner: string, found: readonly string[]): ReadonlySet<string> {
  const key = `tidemill.finds.${owner}`
  try {
    const known = new Set(Starts.parse(JSON.parse(localStorage.getItem(key) ?? '[]')))
    const size = known.size
    for (const start of found) known.add(start)
    if (known.size > size) localStorage.setItem(key, JSON.stringify([...known]))
    return known
  } catch {
    // Storage is closed or damaged: the finds among the newest results are marked all the same.
    return new Set(found)
  }
}
