import { wasi } from '@bjorn3/browser_wasi_shim'
import { readDirectory } from './wasi-directory.ts'
import { WasiError } from './wasi-memory.ts'
import type { WasiProcess } from './wasi-process.ts'
import { writeDescriptorStat, writeFileStat } from './wasi-stat.ts'

const knownFlags =
  wasi.FDFLAGS_APPEND | wasi.FDFLAGS_DSYNC | wasi.FDFLAGS_NONBLOCK | wasi.FDFLAGS_RSYNC | wasi.FDFLAGS_SYNC
const lastOffset = 2n ** 63n - 1n

/** Two flags that exclude each other, for the time of the last access and of the last change. */
export const hasBothTimes = (flags: number): boolean => (flags & 3) === 3 || (flags & 12) === 12

/** Calls that take the number of something open. */
export function createFileCalls({ memory, descriptors }: WasiProcess) {
  function anyOpen(fd: number): number {
    descriptors.get(fd)
    return wasi.ERRNO_SUCCESS
  }

  /** Fills memory until there is no more. */
  function read(vectors: readonly Uint8Array[], next: (size: number) => Uint8Array): number {
    let total = 0
    for (const target of vectors) {
      const data = next(target.length)
      target.set(data)
      total += data.length
      if (data.length < target.length) break
    }
    return total
  }

  return {
    fd_advise(fd: number, _offset: bigint, _length: bigint, advice: number) {
      descriptors.file(fd)
      return advice >>> 0 > wasi.ADVICE_NOREUSE ? wasi.ERRNO_INVAL : wasi.ERRNO_SUCCESS
    },
    fd_allocate(fd: number) {
      descriptors.file(fd)
      return wasi.ERRNO_BADF
    },
    fd_close(fd: number) {
      descriptors.close(fd)
      return wasi.ERRNO_SUCCESS
    },
    fd_datasync: anyOpen,
    fd_sync: anyOpen,
    fd_fdstat_get(fd: number, pointer: number) {
      writeDescriptorStat(memory, pointer, descriptors.get(fd))
      return wasi.ERRNO_SUCCESS
    },
    fd_fdstat_set_flags(fd: number, flags: number) {
      const descriptor = descriptors.get(fd)
      if (flags & ~knownFlags) return wasi.ERRNO_INVAL
      descriptor.flags = flags
      return wasi.ERRNO_SUCCESS
    },
    fd_fdstat_set_rights(fd: number) {
      descriptors.get(fd)
      return wasi.ERRNO_NOTSUP
    },
    fd_filestat_get(fd: number, pointer: number) {
      const descriptor = descriptors.get(fd)
      const inodes = { file: 'open', directory: 'directory', output: undefined } as const
      if (inodes[descriptor.kind] === undefined) writeFileStat(memory, pointer, 'output')
      else if (descriptor.kind === 'file') writeFileStat(memory, pointer, descriptor.open.file)
      else if (descriptor.kind === 'directory') writeFileStat(memory, pointer, descriptor.directory)
      return wasi.ERRNO_SUCCESS
    },
    fd_filestat_set_size(fd: number) {
      if (descriptors.get(fd).kind === 'output') return wasi.ERRNO_INVAL
      descriptors.file(fd)
      return wasi.ERRNO_ROFS
    },
    fd_filestat_set_times(fd: number, _accessed: bigint, _changed: bigint, flags: number) {
      descriptors.get(fd)
      return hasBothTimes(flags) ? wasi.ERRNO_INVAL : wasi.ERRNO_ROFS
    },
    fd_pread(fd: number, vectors: number, count: number, offset: bigint, readPointer: number) {
      const open = descriptors.file(fd)
      let at = BigInt.asUintN(64, offset)
      const total = read(memory.vectors(vectors, count), size => {
        const { data } = open.fd_pread(size, at)
        at += BigInt(data.length)
        return data
      })
      memory.setUint32(readPointer, total)
      return wasi.ERRNO_SUCCESS
    },
    fd_prestat_get(fd: number, pointer: number) {
      const descriptor = descriptors.get(fd)
      if (descriptor.kind !== 'directory' || !descriptor.preopenedAs) return wasi.ERRNO_BADF
      memory.setUint32(pointer, wasi.PREOPENTYPE_DIR)
      memory.setUint32((pointer >>> 0) + 4, descriptor.preopenedAs.length)
      return wasi.ERRNO_SUCCESS
    },
    fd_prestat_dir_name(fd: number, pointer: number, length: number) {
      const descriptor = descriptors.get(fd)
      if (descriptor.kind !== 'directory' || !descriptor.preopenedAs) return wasi.ERRNO_BADF
      if (length >>> 0 < descriptor.preopenedAs.length) return wasi.ERRNO_NAMETOOLONG
      memory.bytes(pointer, descriptor.preopenedAs.length).set(descriptor.preopenedAs)
      return wasi.ERRNO_SUCCESS
    },
    fd_pwrite(fd: number) {
      descriptors.file(fd)
      return wasi.ERRNO_BADF
    },
    fd_read(fd: number, vectors: number, count: number, readPointer: number) {
      const descriptor = descriptors.get(fd)
      if (descriptor.kind !== 'file') return wasi.ERRNO_BADF
      const total = read(memory.vectors(vectors, count), size => descriptor.open.fd_read(size).data)
      memory.setUint32(readPointer, total)
      return wasi.ERRNO_SUCCESS
    },
    fd_readdir(fd: number, buffer: number, length: number, cookie: bigint, usedPointer: number) {
      const { directory } = descriptors.directory(fd)
      const used = readDirectory(directory, BigInt.asUintN(64, cookie), memory.bytes(buffer, length))
      memory.setUint32(usedPointer, used)
      return wasi.ERRNO_SUCCESS
    },
    fd_renumber(from: number, to: number) {
      descriptors.renumber(from, to)
      return wasi.ERRNO_SUCCESS
    },
    fd_seek(fd: number, offset: bigint, whence: number, offsetPointer: number) {
      const open = descriptors.file(fd)
      const start = [0n, open.file_pos, open.file.size][whence >>> 0]
      if (start === undefined || start + offset < 0n || start + offset > lastOffset) return wasi.ERRNO_INVAL
      memory.setUint64(offsetPointer, open.fd_seek(start + offset, wasi.WHENCE_SET).offset)
      return wasi.ERRNO_SUCCESS
    },
    fd_tell(fd: number, offsetPointer: number) {
      memory.setUint64(offsetPointer, descriptors.file(fd).fd_tell().offset)
      return wasi.ERRNO_SUCCESS
    },
    fd_write(fd: number, vectors: number, count: number, writtenPointer: number) {
      const descriptor = descriptors.get(fd)
      if (descriptor.kind !== 'output') throw new WasiError(wasi.ERRNO_BADF)
      let total = 0
      for (const data of memory.vectors(vectors, count)) {
        descriptor.write(data)
        total += data.length
      }
      memory.setUint32(writtenPointer, total)
      return wasi.ERRNO_SUCCESS
    },
  }
}
