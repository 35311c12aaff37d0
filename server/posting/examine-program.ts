import type { Digest } from '../../protocol/digest.ts'
import { findPathConflict } from '../../protocol/find-path-conflict.ts'
import { type ProgramParameters, programLimits, type SplitList } from '../../protocol/program.ts'
import { placeholdersOf, unknownPlaceholder } from '../../protocol/task-input.ts'
import type { BlobStore, StoredBlob } from '../blobs/blob-store.ts'
import { readSplitList } from '../job-kernel.ts'
import { readModule } from './read-module.ts'

export type Examined =
  | { readonly kind: 'fit'; readonly kernel: Uint8Array<ArrayBuffer>; readonly list: SplitList | undefined }
  /** `reason` is a sentence that says what to change. */
  | { readonly kind: 'refused'; readonly reason: string }

const names = { wasi: 'a WASI command', reactor: 'a reactor kernel' } as const

type Keep = (digests: readonly Digest[]) => Promise<readonly StoredBlob[]>

const missingOf = (wanted: readonly Digest[], stored: readonly StoredBlob[]): Digest | undefined => {
  const found = new Set(stored.map(({ digest }) => digest))
  return wanted.find(digest => !found.has(digest))
}

/** Devices make room for what they are told: nobody may say less than a blob has. */
function refuseSizes(told: readonly StoredBlob[], stored: readonly StoredBlob[]): Examined | undefined {
  const sizes = new Map(stored.map(({ digest, bytes }) => [digest, bytes]))
  const wrong = told.find(({ digest, bytes }) => sizes.get(digest) !== bytes)
  return wrong && refused(`The blob ${wrong.digest} has ${sizes.get(wrong.digest)} bytes, not ${wrong.bytes}.`)
}

const refused = (reason: string): Examined => ({ kind: 'refused', reason })

/** Looks at an uploaded program and its list before anything of it runs. */
export async function examineProgram(input: {
  readonly blobs: BlobStore
  readonly digest: Digest
  readonly parameters: ProgramParameters
  /** Keeps blobs from being collected for a while. @returns those that the poster has stored */
  readonly keep: Keep
}): Promise<Examined> {
  const { blobs, digest, parameters, keep } = input
  const { split, shared, kind } = parameters
  const own = [digest, ...('list' in split ? [split.list] : []), ...shared.map(file => file.digest)]
  const stored = await keep(own)
  const missing = missingOf(own, stored)
  if (missing !== undefined) return refused(`The blob ${missing} is not stored. Send it with POST /api/blobs.`)
  const wrongSize = refuseSizes(shared, stored)
  if (wrongSize !== undefined) return wrongSize
  const module = await readModule(blobs, digest)
  if (module.kind === 'refused') return module
  if (module.program !== kind)
    return refused(`The program is ${names[module.program]}, but its parameters are those of ${names[kind]}.`)
  const unknown = unknownPlaceholder(parameters)
  if (unknown !== undefined) {
    const known = placeholdersOf(parameters).map(name => `{${name}}`)
    return refused(`The arguments have {${unknown}}. This job knows ${known.join(', ')}; a brace itself is {{.`)
  }
  return examineList({ ...input, kernel: module.bytes })
}

/** Whether a list is what its split says, and all that it names is there. */
async function examineList(input: {
  readonly blobs: BlobStore
  readonly parameters: ProgramParameters
  readonly kernel: Uint8Array<ArrayBuffer>
  readonly keep: Keep
}): Promise<Examined> {
  const { blobs, parameters, kernel, keep } = input
  const { split, shared } = parameters
  const paths = shared.map(({ path }) => path)
  if (!('list' in split)) return refusePaths(paths) ?? { kind: 'fit', kernel, list: undefined }
  const bytes = (await blobs.size(split.list)) ?? 0
  if (bytes > programLimits.listBytes)
    return refused(`The list of ${split.kind} has ${bytes} bytes, and may have ${programLimits.listBytes}.`)
  const list = await readSplitList(blobs, parameters)
  if (list === undefined) return refused(`The blob ${split.list} is no list of ${split.kind}.`)
  const entries = list.kind === 'files' ? list.files : list.packs
  const count = list.kind === 'files' ? list.files.length : list.packs.reduce((sum, { lines }) => sum + lines, 0)
  if (`${count}` !== split.count) return refused(`The list has ${count} tasks, but the job says ${split.count}.`)
  const digests = entries.map(entry => entry.digest)
  const stored = await keep(digests)
  const missing = missingOf(digests, stored)
  if (missing !== undefined) return refused(`The blob ${missing} of the list is not stored. Send it first.`)
  const wrongSize = refuseSizes(entries, stored)
  if (wrongSize !== undefined) return wrongSize
  const each = shared.reduce((sum, file) => sum + file.bytes, 0)
  const largest = entries.reduce((most, { bytes }) => Math.max(most, bytes), 0)
  if (each + largest > programLimits.taskBytes)
    return refused(
      `A task would see files of ${each + largest} bytes, and may see ${programLimits.taskBytes}. Cut them into smaller ones.`,
    )
  // Each task sees the shared files and its own one.
  const conflict =
    list.kind === 'files'
      ? list.files.map(({ path }) => refusePaths([...paths, path])).find(Boolean)
      : refusePaths(paths)
  return conflict ?? { kind: 'fit', kernel, list }
}

function refusePaths(paths: readonly string[]): Examined | undefined {
  const conflict = findPathConflict(paths)
  return conflict === undefined
    ? undefined
    : refused(`A task would have a file at ${conflict[0]} and another at ${conflict[1]}. Rename one of them.`)
}
