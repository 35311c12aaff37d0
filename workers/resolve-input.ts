import { fromBase64Url } from '../protocol/bytes.ts'
import type { Digest } from '../protocol/digest.ts'
import { MalformedBytesError } from '../protocol/errors.ts'
import { readPackLine } from '../protocol/posting/pack-lines.ts'
import { type Piece, programKernelId, programLimits, TaskInput } from '../protocol/program.ts'
import type { ProgramFile, RunInput } from '../protocol/run-input.ts'
import type { BlobSource } from './blob-source.ts'

const newline = new Uint8Array([0x0a])

/**
 * What a run gets to see, or why it cannot be brought together: by the fault of the device, or by that of the job, which
 * every device finds the same, since digests say what it sees.
 */
export type ResolvedInput =
  | { readonly kind: 'resolved'; readonly input: RunInput }
  | { readonly kind: 'unable'; readonly whose: 'device' | 'job'; readonly reason: string }

function parseTaskInput(input: Uint8Array): TaskInput | undefined {
  try {
    return TaskInput.safeParse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(input))).data
  } catch {
    return undefined
  }
}

/** Blobs that an input names, each once, with their lengths. */
function blobsOf({ piece, files }: TaskInput): Map<Digest, number> {
  const blobs = new Map(files.map(({ digest, bytes }) => [digest, bytes] as const))
  if (piece.kind === 'blob') blobs.set(piece.digest, piece.bytes)
  if (piece.kind === 'line') blobs.set(piece.pack, piece.bytes)
  return blobs
}

const sumOf = (lengths: Iterable<number>): number => [...lengths].reduce((sum, length) => sum + length, 0)

function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(sumOf(parts.map(({ length }) => length)))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** A line is as in a text that has no other: with a line end, and after the header where there is one. */
function resolvePiece(piece: Piece, blobs: ReadonlyMap<Digest, Uint8Array<ArrayBuffer>>): Uint8Array<ArrayBuffer> {
  switch (piece.kind) {
    case 'bytes':
      return fromBase64Url(piece.bytes)
    case 'blob':
      return blobs.get(piece.digest) as Uint8Array<ArrayBuffer>
    case 'line': {
      const line = readPackLine(blobs.get(piece.pack) as Uint8Array<ArrayBuffer>, piece.line)
      if (piece.header === undefined) return concat(line, newline)
      return concat(new TextEncoder().encode(piece.header), newline, line, newline)
    }
  }
}

/**
 * Makes what a run gets to see out of what its lease says: the bytes themselves for built-in kernels; for an uploaded
 * program its {@link TaskInput}, with the blobs that it names. Its randomness is seeded by the lease's own bytes.
 *
 * @throws {RefusedError} {@link UnreachableError} where a blob cannot be had now
 */
export async function resolveInput(
  kernelId: string,
  input: Uint8Array<ArrayBuffer>,
  source: BlobSource,
): Promise<ResolvedInput> {
  if (kernelId !== programKernelId) return { kind: 'resolved', input: { kind: 'bytes', bytes: input } }
  const task = parseTaskInput(input)
  if (task === undefined)
    return {
      kind: 'unable',
      whose: 'device',
      reason: 'The task’s input is none that this version knows. Update Tidemill.',
    }
  const lengths = blobsOf(task)
  const bytes = sumOf(lengths.values())
  if (bytes > programLimits.taskBytes) {
    const reason = `The files of the task have ${bytes} bytes together, and may have ${programLimits.taskBytes}.`
    return { kind: 'unable', whose: 'job', reason }
  }
  const blobs = new Map<Digest, Uint8Array<ArrayBuffer>>()
  for (const [digest, length] of lengths) blobs.set(digest, await source.load(digest, length))
  try {
    const piece = resolvePiece(task.piece, blobs)
    if (task.kind === 'reactor') return { kind: 'resolved', input: { kind: 'bytes', bytes: piece } }
    const files = task.files.map(
      ({ path, digest }): ProgramFile => ({ path, bytes: blobs.get(digest) as Uint8Array<ArrayBuffer> }),
    )
    const seed = new Uint8Array(await crypto.subtle.digest('SHA-256', input))
    return { kind: 'resolved', input: { kind: 'command', arguments: task.arguments, stdin: piece, files, seed } }
  } catch (error) {
    if (!(error instanceof MalformedBytesError)) throw error
    return { kind: 'unable', whose: 'job', reason: `The task’s input cannot be read: ${error.message}` }
  }
}

/** Fetches the blobs of an input before its task is begun. What fails then is tried again when it is. */
export async function fetchAhead(kernelId: string, input: Uint8Array, source: BlobSource): Promise<void> {
  const task = kernelId === programKernelId ? parseTaskInput(input) : undefined
  const lengths = task === undefined ? new Map<Digest, number>() : blobsOf(task)
  if (sumOf(lengths.values()) > programLimits.taskBytes) return
  for (const [digest, length] of lengths) await source.load(digest, length).catch(() => undefined)
}
