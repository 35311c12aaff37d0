import { sha256 } from '../../protocol/digest.ts'
import { inspectModule } from '../../protocol/inspect-module.ts'
import { kernelLimits } from '../../protocol/kernel.ts'
import type { ModuleDraft } from './draft.ts'
import type { DraftStore } from './draft-store.ts'

export type TakenModule =
  | { readonly kind: 'fit'; readonly module: ModuleDraft }
  | { readonly kind: 'refused'; readonly path: string; readonly reason: string }

/** Looks into a module, and keeps it beside the draft where a device would run it. Nothing leaves the browser. */
export async function takeModule(store: DraftStore, path: string, blob: Blob): Promise<TakenModule> {
  // A file of gigabytes is refused without being read: the first bytes past the limit are enough for the sentence.
  const bytes = new Uint8Array(await blob.slice(0, kernelLimits.moduleBytes + 1).arrayBuffer())
  const found = inspectModule(bytes)
  if (found.kind === 'refused') return { kind: 'refused', path, reason: found.reason }
  const [file] = await store.put([{ path, blob: new Blob([bytes]) }])
  if (file === undefined) throw new Error('The module was not taken up.')
  const { program, memoryMaximumBytes, features } = found
  return {
    kind: 'fit',
    module: {
      file,
      digest: await sha256(bytes),
      program,
      memoryMaximumBytes,
      imports: found.imports.map(({ module, name }) => `${module}.${name}`),
      features: [...features],
    },
  }
}
