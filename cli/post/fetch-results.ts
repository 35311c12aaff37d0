import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { toBase64Url } from '../../protocol/bytes.ts'
import { Problem, RefusedError, TidemillError, UnreachableError } from '../../protocol/errors.ts'
import type { JobId } from '../../protocol/ids.ts'
import { manifestName, readManifest } from '../../protocol/manifest.ts'
import { verifyResults } from '../verify/verify-results.ts'
import { quoteBytes } from './describe-trial.ts'
import type { ResultsPlace } from './results-place.ts'
import { unpackZip } from './unpack-zip.ts'

/** What was downloaded is not what its manifest says. */
export class ResultsBrokenError extends TidemillError {
  override readonly name = 'ResultsBrokenError'
}

/** Of the merged answer, as it is shown. */
const headBytes = 100

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

async function check(zip: string, say: (line: string) => void): Promise<void> {
  const { isWhole, notes, problems } = await verifyResults(zip)
  for (const note of notes) say(note)
  if (!isWhole)
    throw new ResultsBrokenError(
      `${zip} is not what its manifest says: ${problems[0]} Download it again; if it stays so, ask the operator.`,
    )
}

/** Where the merged answer lies, and how it begins; undefined where there is none. */
async function findMerged(folder: string): Promise<string | undefined> {
  for await (const part of readManifest(createReadStream(join(folder, manifestName)))) {
    if (part.kind !== 'head') continue
    if (part.head.merged === undefined) return undefined
    const path = join(folder, part.head.merged.path)
    const file = await open(path)
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0)
      return `The merged answer is ${path}: ${quoteBytes(toBase64Url(buffer.subarray(0, bytesRead)))}`
    } finally {
      await file.close()
    }
  }
  return undefined
}

export interface FetchOptions {
  readonly serverUrl: string
  readonly place: ResultsPlace
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

/**
 * Downloads the results of a job, checks them, and unpacks them where they go into a folder.
 *
 * @throws {ResultsBrokenError} where they are not what their manifest says
 */
export async function fetchResults(id: JobId, { serverUrl, place, signal, say }: FetchOptions): Promise<void> {
  const zip = place.kind === 'file' ? place.path : join(place.path, 'results.zip')
  if (place.kind === 'folder') await mkdir(place.path, { recursive: true })
  await download(`${serverUrl}/api/jobs/${id}/results.zip`, zip, signal)
  await check(zip, say)
  if (place.kind === 'file') {
    say(`The results are in ${zip}.`)
    return
  }
  const files = await unpackZip(zip, place.path)
  say(`The results are in ${place.path}: ${files} files, and ${zip} to keep.`)
  const merged = await findMerged(place.path)
  if (merged !== undefined) say(merged)
}
