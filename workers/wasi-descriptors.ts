import { type Directory, type Inode, OpenDirectory, type OpenFile, wasi } from '@bjorn3/browser_wasi_shim'
import { WasiError } from './wasi-memory.ts'

/** What a number that a program opened stands for. `flags` are kept for `fd_fdstat_get` and change nothing. */
export type Descriptor =
  | { readonly kind: 'file'; readonly open: OpenFile; flags: number }
  | { readonly kind: 'output'; write(bytes: Uint8Array): void; flags: number }
  | {
      readonly kind: 'directory'
      readonly directory: Directory
      readonly open: OpenDirectory
      /** The path under which a program finds it without opening it. */
      readonly preopenedAs?: Uint8Array
      flags: number
    }

type OpenedDirectory = Extract<Descriptor, { kind: 'directory' }>

/** More than any program needs; one that never closes must not fill the device's memory. */
const mostOpen = 1024

export const directoryDescriptor = (directory: Directory, preopenedAs?: string): OpenedDirectory => ({
  kind: 'directory',
  directory,
  open: new OpenDirectory(directory),
  flags: 0,
  ...(preopenedAs !== undefined && { preopenedAs: new TextEncoder().encode(preopenedAs) }),
})

/** The numbers of a program, as it was started with them and as it opens and closes them. */
export function createDescriptors(initial: readonly Descriptor[]) {
  const open: (Descriptor | undefined)[] = [...initial]

  function get(fd: number): Descriptor {
    const found = open[fd >>> 0]
    if (found === undefined) throw new WasiError(wasi.ERRNO_BADF)
    return found
  }

  return {
    /** Throws `EBADF`, as all that take a number. */
    get,
    file(fd: number): OpenFile {
      const found = get(fd)
      if (found.kind === 'output') throw new WasiError(wasi.ERRNO_SPIPE)
      if (found.kind === 'directory') throw new WasiError(wasi.ERRNO_BADF)
      return found.open
    },
    directory(fd: number): OpenedDirectory {
      const found = get(fd)
      if (found.kind !== 'directory') throw new WasiError(wasi.ERRNO_NOTDIR)
      return found
    },
    /** @returns the lowest number that is free */
    add(descriptor: Descriptor): number {
      const free = open.indexOf(undefined)
      const fd = free < 0 ? open.length : free
      if (fd >= mostOpen) throw new WasiError(wasi.ERRNO_MFILE)
      open[fd] = descriptor
      return fd
    },
    close(fd: number): void {
      get(fd)
      open[fd >>> 0] = undefined
    },
    renumber(from: number, to: number): void {
      const moved = get(from)
      get(to)
      open[from >>> 0] = undefined
      open[to >>> 0] = moved
    },
  }
}

export type Descriptors = ReturnType<typeof createDescriptors>

/** Throws `ENOENT`, `ENOTDIR`, or `ENOTCAPABLE` for a path that leads out of the directory. */
export function findEntry({ open }: OpenedDirectory, path: string): Inode {
  if (path === '') throw new WasiError(wasi.ERRNO_NOENT)
  const { ret, inode_obj: found } = open.path_lookup(path, 0)
  if (!found) throw new WasiError(ret)
  return found
}

/** As {@link findEntry}, but undefined where only the last name is missing. */
export function findEntryOrPlace(directory: OpenedDirectory, path: string): Inode | undefined {
  try {
    return findEntry(directory, path)
  } catch (error) {
    if (!(error instanceof WasiError) || error.errno !== wasi.ERRNO_NOENT || path === '') throw error
    const parent = path.replace(/\/*$/, '').replace(/[^/]*$/, '')
    findEntry(directory, parent === '' ? '.' : parent)
    return undefined
  }
}
