import { wasi } from '@bjorn3/browser_wasi_shim'
import { WasiError } from './wasi-memory.ts'
import type { WasiProcess } from './wasi-process.ts'

/*
 * subscription, 48 bytes:  userdata u64 | type u8 | 7 | clock: id u32 | 4 | timeout u64 | precision u64 | flags u16 | 6
 *                                                       file:  fd u32 | 28
 * event, 32 bytes:         userdata u64 | errno u16 | type u8 | 5 | file: bytes u64 | flags u16 | 6
 */
const subscriptionBytes = 48
const eventBytes = 32
const mostSubscriptions = 1024

/** What an output takes at once. */
const outputRoom = 65536n

interface PollEvent {
  readonly userdata: bigint
  readonly type: number
  readonly errno: number
  readonly bytes: bigint
  /** Of a clock: when it would ring. A clock that rings at another moment rings too late. */
  readonly timeout?: bigint
}

function fileState(process: WasiProcess, type: number, fd: number): { errno: number; bytes: bigint } {
  try {
    const descriptor = process.descriptors.get(fd)
    const isRead = type === wasi.EVENTTYPE_FD_READ
    if (descriptor.kind === 'file' && isRead) {
      const left = descriptor.open.file.size - descriptor.open.file_pos
      return { errno: wasi.ERRNO_SUCCESS, bytes: left > 0n ? left : 0n }
    }
    if (descriptor.kind === 'output' && !isRead) return { errno: wasi.ERRNO_SUCCESS, bytes: outputRoom }
    return { errno: wasi.ERRNO_BADF, bytes: 0n }
  } catch (error) {
    if (error instanceof WasiError) return { errno: error.errno, bytes: 0n }
    throw error
  }
}

function readEvent(process: WasiProcess, pointer: number): PollEvent {
  const { memory } = process
  const userdata = memory.uint64(pointer)
  const type = memory.uint16(pointer + 8) & 255
  const first = memory.uint32(pointer + 16)
  if (type === wasi.EVENTTYPE_CLOCK) {
    const errno = first <= wasi.CLOCKID_THREAD_CPUTIME_ID ? wasi.ERRNO_SUCCESS : wasi.ERRNO_INVAL
    return { userdata, type, errno, bytes: 0n, timeout: memory.uint64(pointer + 24) }
  }
  if (type > wasi.EVENTTYPE_FD_WRITE) throw new WasiError(wasi.ERRNO_INVAL)
  return { userdata, type, ...fileState(process, type, first) }
}

/**
 * `poll_oneoff` where no time passes: files are ready at once; where only clocks are asked for, the next of them rings at
 * once, however long it would take.
 */
export function pollFiles(
  process: WasiProcess,
  asked: { subscriptions: number; events: number; count: number; countPointer: number },
): number {
  const { memory } = process
  const count = asked.count >>> 0
  if (count === 0 || count > mostSubscriptions) return wasi.ERRNO_INVAL
  const from = asked.subscriptions >>> 0
  memory.bytes(from, count * subscriptionBytes)
  const all = Array.from({ length: count }, (_, index) => readEvent(process, from + index * subscriptionBytes))
  const files = all.filter(({ timeout }) => timeout === undefined)
  const [soonest] = all.toSorted(({ timeout: one = 0n }, { timeout: other = 0n }) => Number(one - other))
  const ready = files.length > 0 ? files : all.filter(({ timeout }) => timeout === soonest?.timeout)
  const to = asked.events >>> 0
  memory.bytes(to, ready.length * eventBytes).fill(0)
  for (const [index, { userdata, type, errno, bytes }] of ready.entries()) {
    const event = to + index * eventBytes
    memory.setUint64(event, userdata)
    memory.setUint16(event + 8, errno)
    memory.setUint8(event + 10, type)
    memory.setUint64(event + 16, bytes)
  }
  memory.setUint32(asked.countPointer, ready.length)
  return wasi.ERRNO_SUCCESS
}
