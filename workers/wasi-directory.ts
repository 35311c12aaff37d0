import { Directory, type Inode, wasi } from '@bjorn3/browser_wasi_shim'

/*
 * dirent, 24 bytes and the name:  next cookie u64 | inode u64 | length of the name u32 | type u8 | 3 | name
 */
const headBytes = 24

/** A directory's entries as `fd_readdir` writes them, made once for each directory that is read. */
const encoded = new WeakMap<Directory, readonly Uint8Array[]>()

function encode(directory: Directory): readonly Uint8Array[] {
  // The tree's own directory is its own parent.
  const parent = directory.parent_ino() || directory.ino
  const entries: [string, bigint, number][] = [
    ['.', directory.ino, wasi.FILETYPE_DIRECTORY],
    ['..', parent, wasi.FILETYPE_DIRECTORY],
    ...[...directory.contents].map(([name, inode]: [string, Inode]): [string, bigint, number] => [
      name,
      inode.ino,
      inode instanceof Directory ? wasi.FILETYPE_DIRECTORY : wasi.FILETYPE_REGULAR_FILE,
    ]),
  ]
  return entries.map(([name, inode, type], index) => {
    const text = new TextEncoder().encode(name)
    const entry = new Uint8Array(headBytes + text.length)
    const view = new DataView(entry.buffer)
    view.setBigUint64(0, BigInt(index + 1), true)
    view.setBigUint64(8, inode, true)
    view.setUint32(16, text.length, true)
    view.setUint8(20, type)
    entry.set(text, headBytes)
    return entry
  })
}

/**
 * Writes entries from the one that `cookie` counts, in the order of their names after `.` and `..`; the last may be cut.
 *
 * @returns how many bytes it wrote: fewer than `target` has only at the directory's end
 */
export function readDirectory(directory: Directory, cookie: bigint, target: Uint8Array): number {
  const entries = encoded.get(directory) ?? encode(directory)
  encoded.set(directory, entries)
  let used = 0
  for (let at = cookie < entries.length ? Number(cookie) : entries.length; at < entries.length; at++) {
    const part = (entries[at] as Uint8Array).subarray(0, target.length - used)
    target.set(part, used)
    used += part.length
    if (used === target.length) break
  }
  return used
}
