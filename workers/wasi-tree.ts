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

/** A file of the shim, which would copy the bytes by itself. */
export function fileOf(bytes: Uint8Array<ArrayBuffer>, inode: bigint): File {
  const file = new File([], { readonly: true })
  file.data = bytes
  file.ino = inode
  return file
}

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
    const contents: [string, Directory | File][] = [...folders.keys(), ...files.keys()].sort().map(name => {
      const folder = folders.get(name)
      const entry = folder ? directoryOf(folder) : fileOf(files.get(name) as Uint8Array<ArrayBuffer>, ++lastInode)
      return [name, entry]
    })
    const directory = new Directory(contents)
    directory.ino = inode
    return directory
  }

  return directoryOf(folderOf(files))
}
