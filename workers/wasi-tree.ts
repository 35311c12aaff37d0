import { Directory, File } from '@bjorn3/browser_wasi_shim'
import type { ProgramFile } from '../protocol/run-input.ts'

interface Folder {
  readonly folders: Map<string, Folder>
  readonly files: Map<string, Uint8Array<ArrayBuffer>>
}

const emptyFolder = (): Folder => ({ folders: new Map(), files: new Map() })

function folderOf(files: readonly ProgramFile[]): Folder {
  const root = emptyFolder()
  for (const { path, bytes } of files) {
    const names = path.split('/')
    const name = names.pop() as string
    let folder = root
    for (const part of names) {
      const next = folder.folders.get(part) ?? emptyFolder()
      folder.folders.set(part, next)
      folder = next
    }
    folder.files.set(name, bytes)
  }
  return root
}

function fileOf(bytes: Uint8Array<ArrayBuffer>): File {
  const file = new File([], { readonly: true })
  // Its constructor would copy them.
  file.data = bytes
  return file
}

/** By the code units of their names, never by a language. */
const byName = ([one]: [string, unknown], [other]: [string, unknown]): number => (one < other ? -1 : 1)

/**
 * The read-only tree that a program finds: directories made from the paths, names in order, and inode numbers that depend
 * on nothing but the paths.
 *
 * @param files among whose paths `findPathConflict` finds nothing
 */
export function createWasiTree(files: readonly ProgramFile[]): Directory {
  let lastInode = 0n

  function directoryOf({ folders, files }: Folder): Directory {
    const inode = ++lastInode
    const contents: [string, Directory | File][] = [
      ...[...folders].map(([name, folder]): [string, Directory] => [name, directoryOf(folder)]),
      ...[...files].map(([name, bytes]): [string, File] => [name, fileOf(bytes)]),
    ].sort(byName)
    for (const [, entry] of contents) if (entry instanceof File) entry.ino = ++lastInode
    const directory = new Directory(contents)
    directory.ino = inode
    return directory
  }

  const sorted = files.toSorted(({ path: one }, { path: other }) => byName([one, 0], [other, 0]))
  return directoryOf(folderOf(sorted))
}
