import type { PostMessages } from '../../messages/post-en.ts'
import type { Preparing } from '../../posting/use-prepared.ts'

/** Why there is nothing to show or to check yet. */
export function preparingText(p: PostMessages, preparing: Exclude<Preparing, { kind: 'ready' }>): string {
  if (preparing.kind === 'refused') return preparing.reason
  return preparing.kind === 'empty' ? p.gap.emptyFile : p.reading
}
