import { wasi } from '@bjorn3/browser_wasi_shim'
import { pollFiles } from './wasi-poll.ts'
import { WasiExit, type WasiProcess } from './wasi-process.ts'

/** Time stands still at the beginning of 1970. */
const now = 0n
const resolutionNs = 1_000_000n

const isClock = (id: number): boolean => id >>> 0 <= wasi.CLOCKID_THREAD_CPUTIME_ID

/** Calls about the program itself and the world around it: arguments, time, chance, its end. */
export function createSystemCalls(process: WasiProcess) {
  const { memory, descriptors } = process

  function writeClock(id: number, pointer: number, value: bigint): number {
    if (!isClock(id)) return wasi.ERRNO_INVAL
    memory.setUint64(pointer, value)
    return wasi.ERRNO_SUCCESS
  }

  function noSocket(fd: number): number {
    descriptors.get(fd)
    return wasi.ERRNO_NOTSUP
  }

  return {
    args_sizes_get(countPointer: number, bytesPointer: number) {
      memory.setUint32(countPointer, process.arguments.length)
      memory.setUint32(
        bytesPointer,
        process.arguments.reduce((sum, { length }) => sum + length + 1, 0),
      )
      return wasi.ERRNO_SUCCESS
    },
    args_get(array: number, texts: number) {
      let at = texts >>> 0
      for (const [index, argument] of process.arguments.entries()) {
        memory.setUint32((array >>> 0) + index * 4, at)
        const target = memory.bytes(at, argument.length + 1)
        target.set(argument)
        target[argument.length] = 0
        at += target.length
      }
      return wasi.ERRNO_SUCCESS
    },
    environ_sizes_get(countPointer: number, bytesPointer: number) {
      memory.setUint32(countPointer, 0)
      memory.setUint32(bytesPointer, 0)
      return wasi.ERRNO_SUCCESS
    },
    environ_get: () => wasi.ERRNO_SUCCESS,
    clock_res_get: (id: number, pointer: number) => writeClock(id, pointer, resolutionNs),
    clock_time_get: (id: number, _precision: bigint, pointer: number) => writeClock(id, pointer, now),
    random_get(pointer: number, length: number) {
      process.fillRandom(memory.bytes(pointer, length))
      return wasi.ERRNO_SUCCESS
    },
    poll_oneoff: (subscriptions: number, events: number, count: number, countPointer: number) =>
      pollFiles(process, { subscriptions, events, count, countPointer }),
    proc_exit(code: number): never {
      throw new WasiExit(code >>> 0)
    },
    proc_raise: () => wasi.ERRNO_NOSYS,
    sched_yield: () => wasi.ERRNO_SUCCESS,
    sock_accept: noSocket,
    sock_recv: noSocket,
    sock_send: noSocket,
    sock_shutdown: noSocket,
  }
}
