import type { PostMessages } from '../../messages/post-en.ts'
import type { InputGap } from '../../posting/read-split.ts'

/** The sentence for what the input still needs. */
export function gapText(p: PostMessages, gap: InputGap): string {
  switch (gap.kind) {
    case 'whole':
      return p.gap.whole(p.input.range[gap.field])
    case 'path':
    case 'samePath':
      return p.gap[gap.kind](gap.path)
    case 'pathConflict':
      return p.gap.pathConflict(gap.one, gap.other)
    case 'taskBytes':
      return p.gap.taskBytes(gap.bytes, gap.most)
    case 'sharedFiles':
      return p.gap.sharedFiles(gap.most)
    case 'sweepName':
    case 'sweepValues':
    case 'sweepTwice':
      return p.gap[gap.kind](gap.name)
    case 'placeholder':
      return p.gap.placeholder(gap.name, gap.known)
    case 'tooManyArguments':
      return p.gap.tooManyArguments(gap.most)
    default:
      return p.gap[gap.kind]
  }
}
