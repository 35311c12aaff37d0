import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Problem, RefusedError, TidemillError, UnreachableError } from '../../protocol/errors.ts'
import type { JobId } from '../../protocol/ids.ts'
import { verifyResults } from '../verify-results.ts'
import type { ResultsPlace } from './results-place.ts'
import { unpackZip } from './unpack-zip.ts'

/** The download is not what its manifest says. */
export class ResultsBrokenError extends TidemillError {
  override readonly name = 'ResultsBrokenError'
}

async function download(url: string, path: string, signal: AbortSignal): Promise<void> {
  const response = await fetch(url, { signal }).catch((cause: unknown) => {
    signal.throwIfAborted()
    throw new UnreachableError(url, { cause })
  })
  if (!response.ok || response.body === null) {
    const problem = Problem.safeParse(await response.json().catch(() => undefined))
    if (problem.success) throw new RefusedError(problem.data)
    throw new UnreachableError(url, { cause: new Error(`status ${response.status}`) })
  }
  try {
    await pipeline(Readable.fromWeb(response.body), createWriteStream(path, { flags: 'wx' }), { signal })
  } catch (cause) {
    // Half of a file must not look like all of it.
    await rm(path, { force: true })
    signal.throwIfAborted()
    throw new UnreachableError(url, { cause })
  }
}

export interface FetchOptions {
  readonly serverUrl: string
  readonly place: ResultsPlace
  readonly signal: AbortSignal
}

/**
 * Downloads the results of a job, checks them, and unpacks them where they go into a folder.
 *
 * @returns a sentence of what is where
 * @throws {ResultsBrokenError} where they are not what their manifest says
 */
export async function fetchResults(id: JobId, { serverUrl, place, signal }: FetchOptions): Promise<string> {
  const zip = place.kind === 'file' ? place.path : join(place.path, 'results.zip')
  if (place.kind === 'folder') await mkdir(place.path, { recursive: true })
  await download(`${serverUrl}/api/jobs/${id}/results.zip`, zip, signal)
  return zip
}
