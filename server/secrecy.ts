import { createCipheriv } from 'node:crypto'
import type { JobState } from '../protocol/jobs.ts'
import type { FoldedTask } from './domain/fold-log.ts'
import { isProbeTask, revealsAt } from './domain/probe.ts'
import { freshTask, type TaskState } from './domain/task.ts'
import { createMac } from './mac.ts'

/** Tasks whose choice comes from one key. */
const pageTasks = 4096
const keyBytes = 16

/** Which tasks may serve as probes, and what of them nobody may see yet. */
export interface Secrecy {
  isProbeTask(jobId: bigint, index: bigint): boolean
  /** The same for the tasks from `lo` on, by their offset: fast enough to be asked for every task. */
  ofChunk(jobId: bigint, lo: bigint): (offset: number) => boolean
  /** When the verdict of a probe task may be shown. */
  revealsAt(acceptedAt: number): number
  /**
   * Tasks of a chunk as everybody may see them. A probe task looks like one without any vote until its verdict may be
   * shown: were it marked in any way, whoever is given it could tell that it is a probe.
   */
  concealOf(chunk: {
    readonly jobId: bigint
    readonly lo: bigint
    readonly now: number
    /** Of a job that is over nobody is given a probe any more: there is nothing to hide. */
    readonly state: JobState
  }): (folded: FoldedTask) => TaskState
}

/**
 * @param secret all servers of a database share it, so that they choose the same tasks
 * @param isLocal a server for its operator alone: there is nobody to hide anything from
 */
export function createSecrecy({ secret, isLocal }: { secret: Buffer; isLocal: boolean }): Secrecy {
  const mac = createMac(secret)

  /** A random byte for each task of a page: the key stream of a cipher whose key only this server knows. */
  function readPage(jobId: bigint, page: bigint): Buffer {
    const name = Buffer.alloc(16)
    name.writeBigInt64BE(jobId, 0)
    name.writeBigInt64BE(page, 8)
    const key = mac(name).subarray(0, keyBytes)
    return createCipheriv('aes-128-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(pageTasks))
  }

  function ofChunk(jobId: bigint, lo: bigint): (offset: number) => boolean {
    const pages = new Map<number, Buffer>()
    const first = lo / BigInt(pageTasks)
    const start = Number(lo % BigInt(pageTasks))
    return offset => {
      const number = Math.floor((start + offset) / pageTasks)
      const page = pages.get(number) ?? readPage(jobId, first + BigInt(number))
      pages.set(number, page)
      return isProbeTask(page.readUInt8((start + offset) % pageTasks))
    }
  }

  const reveals = isLocal ? (acceptedAt: number) => acceptedAt : revealsAt
  return {
    ofChunk,
    isProbeTask: (jobId, index) => ofChunk(jobId, index)(0),
    revealsAt: reveals,
    concealOf({ jobId, lo, now, state }) {
      const isProbe = ofChunk(jobId, lo)
      const isOver = state === 'finished' || state === 'canceled'
      return ({ offset, task }) => {
        const { judgement, judgedAt, isContested } = task
        if (isLocal || isOver || judgement.state !== 'accepted' || judgedAt === undefined || !isProbe(offset))
          return task
        return isContested || now < reveals(judgedAt) ? freshTask : task
      }
    },
  }
}
