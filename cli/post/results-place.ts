import { readdir, stat } from 'node:fs/promises'
import { extname } from 'node:path'
import { TidemillError } from '../../protocol/errors.ts'

/** There is something where the results shall be. */
export class ResultsPlaceError extends TidemillError {
  override readonly name = 'ResultsPlaceError'
}

/** Where results go, as `--out` says. */
export type ResultsPlace =
  | { readonly kind: 'file'; readonly path: string }
  /** Not there yet, or empty. */
  | { readonly kind: 'folder'; readonly path: string }

const isAbsent = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT'

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    (error: unknown) => {
      if (isAbsent(error)) return false
      throw error
    },
  )

async function entriesOf(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (isAbsent(error)) return []
    throw new ResultsPlaceError(`--out ${folder} is no folder. Name another, or a file that ends in .zip.`, {
      cause: error,
    })
  }
}

/**
 * Looks at the place before anything is posted, so that nothing is overwritten and no results come for nothing.
 *
 * @throws {ResultsPlaceError} where something is there already
 */
export async function openResultsPlace(path: string): Promise<ResultsPlace> {
  if (extname(path).toLowerCase() === '.zip') {
    if (await isThere(path)) throw new ResultsPlaceError(`--out ${path} is there already. Name another file.`)
    return { kind: 'file', path }
  }
  const entries = await entriesOf(path)
  if (entries.length > 0)
    throw new ResultsPlaceError(
      `--out ${path} is not empty: it has ${entries[0]}. Name a folder for these results alone.`,
    )
  return { kind: 'folder', path }
}
