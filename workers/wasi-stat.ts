import { type Inode, wasi } from '@bjorn3/browser_wasi_shim'
import type { Descriptor } from './wasi-descriptors.ts'
import type { WasiMemory } from './wasi-memory.ts'

/*
 * filestat, 64 bytes:  dev u64 | ino u64 | type u8 | 7 | nlink u64 | size u64 | atim u64 | mtim u64 | ctim u64
 * fdstat, 24 bytes:    type u8 | 1 | flags u16 | 4 | rights u64 | inheriting rights u64
 */

const rights = (...each: number[]): bigint => each.reduce((all, one) => all | BigInt(one), 0n)

const fileRights = rights(
  wasi.RIGHTS_FD_READ,
  wasi.RIGHTS_FD_SEEK,
  wasi.RIGHTS_FD_TELL,
  wasi.RIGHTS_FD_ADVISE,
  wasi.RIGHTS_FD_FDSTAT_SET_FLAGS,
  wasi.RIGHTS_FD_FILESTAT_GET,
  wasi.RIGHTS_POLL_FD_READWRITE,
)
const outputRights = rights(
  wasi.RIGHTS_FD_WRITE,
  wasi.RIGHTS_FD_FDSTAT_SET_FLAGS,
  wasi.RIGHTS_FD_FILESTAT_GET,
  wasi.RIGHTS_POLL_FD_READWRITE,
)
const directoryRights = rights(
  wasi.RIGHTS_PATH_OPEN,
  wasi.RIGHTS_FD_READDIR,
  wasi.RIGHTS_PATH_READLINK,
  wasi.RIGHTS_PATH_FILESTAT_GET,
  wasi.RIGHTS_FD_FILESTAT_GET,
)
// The C library asks for no more than these when it opens a file: with the right to write among them, it asks for that
// too, and hears at once that the tree is read-only.
const inheritingRights = fileRights | directoryRights | rights(wasi.RIGHTS_FD_WRITE)

export function writeFileStat(memory: WasiMemory, pointer: number, inode: Inode | 'output'): void {
  memory.bytes(pointer, 64).fill(0)
  const at = pointer >>> 0
  memory.setUint64(at + 24, 1n)
  if (inode === 'output') return
  const { filetype, size } = inode.stat()
  memory.setUint64(at + 8, inode.ino)
  memory.setUint8(at + 16, filetype)
  memory.setUint64(at + 32, size)
}

export function writeDescriptorStat(memory: WasiMemory, pointer: number, { kind, flags }: Descriptor): void {
  const [type, base, inheriting] = {
    file: [wasi.FILETYPE_REGULAR_FILE, fileRights, 0n] as const,
    // As a pipe: what is no terminal is written in large blocks.
    output: [wasi.FILETYPE_UNKNOWN, outputRights, 0n] as const,
    directory: [wasi.FILETYPE_DIRECTORY, directoryRights, inheritingRights] as const,
  }[kind]
  memory.bytes(pointer, 24).fill(0)
  const at = pointer >>> 0
  memory.setUint8(at, type)
  memory.setUint16(at + 2, flags)
  memory.setUint64(at + 8, base)
  memory.setUint64(at + 16, inheriting)
}
