import { createHash, hash } from 'node:crypto'
import type { ManifestHead } from '../../protocol/manifest.ts'
import { createNumberMerge, UnmergeableError } from '../../protocol/merge-numbers.ts'
import type { ReportWriter } from './report.ts'

/** Folds outputs again as the server did, in the order of their tasks. */
interface Refold {
  add(index: bigint, output: Buffer): void
  digest(): string
}

function createRefold({ merge }: ManifestHead): Refold | undefined {
  switch (merge.kind) {
    case 'none':
    case 'kernel':
      return undefined
    case 'concatenate': {
      const all = createHash('sha256')
      return { add: (_, output) => void all.update(output), digest: () => all.digest('hex') }
    }
    default: {
      const numbers = createNumberMerge(merge.kind)
      return { add: numbers.add, digest: () => hash('sha256', numbers.result()) }
    }
  }
}

/** Makes the merged answer again, and compares it with the one that is there. */
export function createMergeCheck(head: ManifestHead, report: ReportWriter) {
  const refold = head.merged === undefined ? undefined : createRefold(head)
  let next = 0n
  /** Why it cannot be made again. */
  let why: string | undefined

  function tryAdd(index: bigint, output: Buffer): void {
    try {
      refold?.add(index, output)
    } catch (error) {
      if (!(error instanceof UnmergeableError)) throw error
      why = error.message
      report.problem(`${head.merged?.path} is not what the outputs come to: they cannot be merged. ${why}`)
    }
  }

  function compare(made: Refold, path: string, digest: string): void {
    if (made.digest() === digest)
      report.note(`${path} is what the outputs come to (${head.merge.kind}): it was made again from them.`)
    else report.problem(`${path} is not what the outputs come to (${head.merge.kind}).`)
  }

  return {
    /** Whether outputs are wanted whole. */
    get wantsOutputs() {
      return refold !== undefined && why === undefined
    },
    /** @param output undefined where it is not as it should be */
    add(index: bigint, output: Buffer | undefined): void {
      if (refold === undefined || why !== undefined) return
      if (index !== next) why = `The output of task ${next} is not in its place.`
      else if (output === undefined) why = `The output of task ${index} is not as it should be.`
      else tryAdd(index, output)
      next++
    },
    finish(): void {
      const { merge, merged, job } = head
      if (merge.kind === 'none') return
      if (next < BigInt(job.tasks)) why ??= `${BigInt(job.tasks) - next} tasks have no output here.`
      if (merged === undefined) report.note('There is no merged answer in it.')
      else if (merge.kind === 'kernel')
        report.note(`${merged.path} was made by the poster’s own module, and was not made again here.`)
      else if (refold === undefined || why !== undefined)
        report.note(`${merged.path} could not be made again from the outputs. ${why}`)
      else compare(refold, merged.path, merged.digest)
    },
  }
}
