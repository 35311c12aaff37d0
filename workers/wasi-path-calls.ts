import { Directory, File, OpenFile, wasi } from '@bjorn3/browser_wasi_shim'
import { directoryDescriptor, findEntry, findEntryOrPlace } from './wasi-descriptors.ts'
import { hasBothTimes } from './wasi-file-calls.ts'
import type { WasiProcess } from './wasi-process.ts'
import { writeFileStat } from './wasi-stat.ts'

const writeRight = BigInt(wasi.RIGHTS_FD_WRITE)

/** Calls that take a path. There are no links, and nothing of the tree can be changed. */
export function createPathCalls({ memory, descriptors }: WasiProcess) {
  /** What a change of something that must be there comes to. */
  function change(fd: number, path: number, length: number): number {
    findEntry(descriptors.directory(fd), memory.text(path, length))
    return wasi.ERRNO_ROFS
  }

  /** What making something that must not be there yet comes to. */
  function create(fd: number, path: number, length: number): number {
    const found = findEntryOrPlace(descriptors.directory(fd), memory.text(path, length))
    return found ? wasi.ERRNO_EXIST : wasi.ERRNO_ROFS
  }

  /** Why something that is there may not be opened so; 0 where it may. */
  function whyNotOpened(found: File | Directory, flags: number, rights: bigint): number {
    const isWrite = (rights & writeRight) !== 0n || (flags & wasi.OFLAGS_TRUNC) !== 0
    if (flags & wasi.OFLAGS_CREAT && flags & wasi.OFLAGS_EXCL) return wasi.ERRNO_EXIST
    if (found instanceof File) {
      if (flags & wasi.OFLAGS_DIRECTORY) return wasi.ERRNO_NOTDIR
      return isWrite ? wasi.ERRNO_ROFS : wasi.ERRNO_SUCCESS
    }
    return isWrite || flags & wasi.OFLAGS_CREAT ? wasi.ERRNO_ISDIR : wasi.ERRNO_SUCCESS
  }

  return {
    path_create_directory: create,
    path_filestat_get(fd: number, _lookup: number, path: number, length: number, pointer: number) {
      writeFileStat(memory, pointer, findEntry(descriptors.directory(fd), memory.text(path, length)))
      return wasi.ERRNO_SUCCESS
    },
    path_filestat_set_times(
      ...[fd, , path, length, , , flags]: [number, number, number, number, bigint, bigint, number]
    ) {
      const errno = change(fd, path, length)
      return hasBothTimes(flags) ? wasi.ERRNO_INVAL : errno
    },
    path_link(...[fd, , path, length, newFd, newPath, newLength]: [number, number, ...number[]]) {
      change(fd, path as number, length as number)
      return create(newFd as number, newPath as number, newLength as number)
    },
    path_open(
      ...[fd, , path, length, flags, rights, , fdFlags, openedPointer]: [
        number,
        number,
        number,
        number,
        number,
        bigint,
        bigint,
        number,
        number,
      ]
    ) {
      const directory = descriptors.directory(fd)
      const text = memory.text(path, length)
      if (!(flags & wasi.OFLAGS_CREAT)) findEntry(directory, text)
      const found = findEntryOrPlace(directory, text)
      if (!(found instanceof File || found instanceof Directory)) return wasi.ERRNO_ROFS
      const errno = whyNotOpened(found, flags, rights)
      if (errno !== wasi.ERRNO_SUCCESS) return errno
      // Before the number is taken: a pointer outside of the memory must leave nothing open.
      memory.uint32(openedPointer)
      const opened =
        found instanceof File
          ? ({ kind: 'file', open: new OpenFile(found), flags: fdFlags } as const)
          : directoryDescriptor(found)
      memory.setUint32(openedPointer, descriptors.add(opened))
      return wasi.ERRNO_SUCCESS
    },
    path_readlink(fd: number, path: number, length: number) {
      findEntry(descriptors.directory(fd), memory.text(path, length))
      return wasi.ERRNO_INVAL
    },
    path_remove_directory(fd: number, path: number, length: number) {
      const found = findEntry(descriptors.directory(fd), memory.text(path, length))
      return found instanceof Directory ? wasi.ERRNO_ROFS : wasi.ERRNO_NOTDIR
    },
    path_rename(...[fd, path, length, newFd, newPath, newLength]: number[]) {
      change(fd as number, path as number, length as number)
      findEntryOrPlace(descriptors.directory(newFd as number), memory.text(newPath as number, newLength as number))
      return wasi.ERRNO_ROFS
    },
    path_symlink: (_target: number, _targetLength: number, fd: number, path: number, length: number) =>
      create(fd, path, length),
    path_unlink_file(fd: number, path: number, length: number) {
      const found = findEntry(descriptors.directory(fd), memory.text(path, length))
      return found instanceof Directory ? wasi.ERRNO_ISDIR : wasi.ERRNO_ROFS
    },
  }
}
