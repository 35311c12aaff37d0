import { ByteReader } from './byte-reader.ts'
import { ByteWriter } from './byte-writer.ts'
import { base64UrlLength, fromBase64Url, toBase64Url, toHex } from './bytes.ts'
import type { Digest } from './digest.ts'
import { type JobId, taskId } from './ids.ts'
import { type GrantPlace, joinLeaseToken, splitLeaseToken } from './lease-token.ts'
import { type FinishedLease, isPrintable, type Lease, type WorkRequest, type WorkResponse, workLimits } from './work.ts'

/*
 * The bodies of `POST /api/work`, big-endian. A grant is the server's signature of the leases of one answer; a lease is
 * a place in it, so that a report of many leases carries their grant once.
 *
 *     request   version 1 | requestId 16 | seconds f64 | lanes 1 | grants 1 | grants x ( length 2 | grant
 *                 | results 1 | results x ( place 1 | kind 1 | elapsedMs 4 | length 4 | output, or reason in UTF-8 ) )
 *     response  version 1 | stored 2 | retryAfterSeconds f64 | expiresAt f64 | length 2 | grant
 *                 | jobs 1 | jobs x ( jobId 8 | kernelDigest 32 | credit f64 | memoryCapBytes f64 | outputCapBytes f64
 *                                     | length 1 | kernelId in UTF-8 )
 *                 | leases 1 | leases x ( place in jobs 1 | index 8 | length 4 | input )
 *
 * Kinds: 0 output, 1 failed. Times are milliseconds since 1970.
 */

export const workMediaType = 'application/vnd.tidemill.work'
const version = 1
const kinds = { output: 0, failed: 1 } as const

/** One reported result as the server reads it: which lease of which grant. */
export interface ReportedResult extends GrantPlace {
  /** Milliseconds inside the kernel, as the device says. */
  readonly elapsedMs: number
  readonly outcome:
    | { readonly kind: 'output'; readonly output: Uint8Array }
    | { readonly kind: 'failed'; readonly reason: string }
}

/** A work request as the server reads it. Bytes in it are views of the body. */
export interface ReceivedWorkRequest {
  readonly requestId: string
  readonly seconds: number
  readonly lanes: number
  readonly finished: readonly ReportedResult[]
}

/** What the leases of one job have in common. */
export interface GrantedJob {
  readonly jobId: bigint
  readonly kernelId: string
  readonly kernelDigest: Uint8Array
  readonly credit: number
  readonly memoryCapBytes: number
  readonly outputCapBytes: number
}

export interface GrantedLease {
  /** Place in {@link GrantedWork.jobs}. */
  readonly job: number
  readonly index: bigint
  readonly input: Uint8Array
}

/** The server's answer before it becomes bytes. Lease `n` is place `n` of the grant. */
export interface GrantedWork {
  readonly stored: number
  readonly retryAfterSeconds: number
  /** Milliseconds since 1970, for all leases. */
  readonly expiresAt: number
  /** Empty where there are no leases. */
  readonly grant: Uint8Array
  readonly jobs: readonly GrantedJob[]
  readonly leases: readonly GrantedLease[]
}

const utf8 = new TextEncoder()
const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

function toUuid(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < 16; at++) {
    if (at === 4 || at === 6 || at === 8 || at === 10) text += '-'
    text += hexOfByte[bytes[at] as number]
  }
  return text
}

function fromUuid(text: string): Uint8Array {
  const digits = text.replaceAll('-', '')
  return Uint8Array.from({ length: 16 }, (_, at) => Number.parseInt(digits.slice(at * 2, at * 2 + 2), 16))
}

function readVersion(reader: ByteReader): void {
  if (reader.uint8('version') !== version) reader.refuse('version', `expected ${version}`)
}

/**
 * Reads the body of a work request. Total: any bytes are a request within {@link workLimits}, or are refused. What an
 * output may have is the job's to say.
 *
 * @throws {MalformedBytesError}
 */
export function decodeWorkRequest(bytes: Uint8Array): ReceivedWorkRequest {
  const reader = new ByteReader(bytes)
  readVersion(reader)
  const requestId = toUuid(reader.take(16, 'requestId'))
  const seconds = reader.float64('seconds')
  // Also no number fails this.
  if (!(seconds >= 0 && seconds <= workLimits.secondsPerRequest))
    reader.refuse('seconds', `expected 0 to ${workLimits.secondsPerRequest}`)
  const lanes = reader.uint8('lanes')
  if (lanes > workLimits.leasesPerRequest) reader.refuse('lanes', `expected at most ${workLimits.leasesPerRequest}`)
  const finished: ReportedResult[] = []
  for (let grants = reader.uint8('finished'); grants > 0; grants--) readResults(reader, finished)
  reader.end()
  return { requestId, seconds, lanes, finished }
}

/** Reads the results of one grant. */
function readResults(reader: ByteReader, finished: ReportedResult[]): void {
  const { least, most } = workLimits.grantBytes
  const grantBytes = reader.uint16('finished.grant')
  if (grantBytes < least || grantBytes > most) reader.refuse('finished.grant', `expected ${least} to ${most} bytes`)
  const grant = reader.take(grantBytes, 'finished.grant')
  const results = reader.uint8('finished')
  // Without this, grants without results could fill a body.
  if (results === 0) reader.refuse('finished', 'expected a result for each grant')
  if (finished.length + results > workLimits.resultsPerRequest)
    reader.refuse('finished', `expected at most ${workLimits.resultsPerRequest} results`)
  for (let left = results; left > 0; left--) {
    const place = reader.uint8('finished.place')
    if (place >= workLimits.leasesPerRequest)
      reader.refuse('finished.place', `expected less than ${workLimits.leasesPerRequest}`)
    const kind = reader.uint8('finished.outcome')
    const elapsedMs = reader.uint32('finished.elapsedMs')
    if (elapsedMs > workLimits.elapsedMs)
      reader.refuse('finished.elapsedMs', `expected at most ${workLimits.elapsedMs}`)
    const length = reader.uint32('finished.outcome')
    if (kind === kinds.output) {
      const output = reader.take(length, 'finished.outcome.output')
      finished.push({ grant, place, elapsedMs, outcome: { kind: 'output', output } })
    } else if (kind === kinds.failed) {
      finished.push({ grant, place, elapsedMs, outcome: { kind: 'failed', reason: readReason(reader, length) } })
    } else reader.refuse('finished.outcome', 'expected an output or a failure')
  }
}

function readReason(reader: ByteReader, length: number): string {
  const most = workLimits.failureReasonLength
  // A UTF-16 unit takes three bytes at most.
  const reason = length <= most * 3 ? reader.text(length, 'finished.outcome.reason') : ''
  if (reason.length === 0 || reason.length > most || !isPrintable(reason))
    reader.refuse('finished.outcome.reason', `expected 1 to ${most} printable characters`)
  return reason
}

/** Writes the body of a work answer. */
export function encodeWorkResponse(work: GrantedWork): Uint8Array<ArrayBuffer> {
  const { grant, jobs, leases } = work
  const kernelIds = jobs.map(({ kernelId }) => utf8.encode(kernelId))
  let size = 23 + grant.length + jobs.length * 65 + leases.length * 13
  for (const kernelId of kernelIds) size += kernelId.length
  for (const { input } of leases) size += input.length
  const writer = new ByteWriter(size)
  writer.uint8(version)
  writer.uint16(work.stored)
  writer.float64(work.retryAfterSeconds)
  writer.float64(work.expiresAt)
  writer.uint16(grant.length)
  writer.put(grant)
  writer.uint8(jobs.length)
  for (const [at, job] of jobs.entries()) {
    const kernelId = kernelIds[at] as Uint8Array
    writer.uint64(job.jobId)
    writer.put(job.kernelDigest)
    writer.float64(job.credit)
    writer.float64(job.memoryCapBytes)
    writer.float64(job.outputCapBytes)
    writer.uint8(kernelId.length)
    writer.put(kernelId)
  }
  writer.uint8(leases.length)
  for (const { job, index, input } of leases) {
    writer.uint8(job)
    writer.uint64(index)
    writer.uint32(input.length)
    writer.put(input)
  }
  return writer.bytes
}

/** Writes the body of a work request. Results of one grant come together, in the order of the first of each grant. */
export function encodeWorkRequest(request: WorkRequest): Uint8Array<ArrayBuffer> {
  const grants = [...groupByGrant(request.finished)]
  let size = 27
  for (const [grant, results] of grants) {
    size += 3 + base64UrlLength(grant)
    for (const { bytes } of results) size += 10 + bytes.length
  }
  const writer = new ByteWriter(size)
  writer.uint8(version)
  writer.put(fromUuid(request.requestId))
  writer.float64(request.seconds)
  writer.uint8(request.lanes)
  writer.uint8(grants.length)
  for (const [grant, results] of grants) {
    writer.uint16(base64UrlLength(grant))
    writer.put(fromBase64Url(grant))
    writer.uint8(results.length)
    for (const { place, kind, elapsedMs, bytes } of results) {
      writer.uint8(place)
      writer.uint8(kind)
      writer.uint32(elapsedMs)
      writer.uint32(bytes.length)
      writer.put(bytes)
    }
  }
  return writer.bytes
}

interface EncodedResult {
  readonly place: number
  readonly kind: number
  readonly elapsedMs: number
  readonly bytes: Uint8Array
}

/** @returns the results of each grant, which is in base64url */
function groupByGrant(finished: readonly FinishedLease[]): Map<string, EncodedResult[]> {
  const grants = new Map<string, EncodedResult[]>()
  for (const { lease, elapsedMs, outcome } of finished) {
    const { grant, place } = splitLeaseToken(lease)
    const bytes = outcome.kind === 'output' ? fromBase64Url(outcome.output) : utf8.encode(outcome.reason)
    const result = { place, kind: kinds[outcome.kind], elapsedMs, bytes }
    const results = grants.get(grant)
    if (results === undefined) grants.set(grant, [result])
    else results.push(result)
  }
  return grants
}

/**
 * Reads the body of a work answer. Its fields are still to be checked by the schema of {@link WorkResponse}.
 *
 * @throws {MalformedBytesError}
 */
export function decodeWorkResponse(bytes: Uint8Array): WorkResponse {
  // Without the type, TypeScript does not follow what never returns.
  const reader: ByteReader = new ByteReader(bytes)
  readVersion(reader)
  const stored = reader.uint16('stored')
  const retryAfterSeconds = reader.float64('retryAfterSeconds')
  const expires = new Date(reader.float64('expiresAt'))
  if (Number.isNaN(expires.getTime())) reader.refuse('expiresAt', 'expected a time')
  const expiresAt = expires.toISOString()
  const grant = toBase64Url(reader.take(reader.uint16('grant'), 'grant'))
  const jobs = Array.from({ length: reader.uint8('jobs') }, () => readJob(reader))
  const leases = Array.from({ length: reader.uint8('leases') }, (_, place): Lease => {
    const job = jobs[reader.uint8('leases.job')]
    if (job === undefined) reader.refuse('leases.job', `expected one of ${jobs.length} jobs`)
    const index = reader.uint64('leases.index')
    const input = toBase64Url(reader.take(reader.uint32('leases.input'), 'leases.input'))
    return { ...job, lease: joinLeaseToken(grant, place), taskId: taskId(job.jobId, index), input, expiresAt }
  })
  reader.end()
  return { stored, leases, retryAfterSeconds }
}

function readJob(reader: ByteReader) {
  return {
    jobId: `${reader.uint64('jobs.jobId')}` as JobId,
    kernelDigest: toHex(reader.take(32, 'jobs.kernelDigest')) as Digest,
    credit: reader.float64('jobs.credit'),
    memoryCapBytes: reader.float64('jobs.memoryCapBytes'),
    outputCapBytes: reader.float64('jobs.outputCapBytes'),
    kernelId: reader.text(reader.uint8('jobs.kernelId'), 'jobs.kernelId'),
  }
}
