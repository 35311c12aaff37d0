/**
 * Two paths that one tree cannot both hold: the same path twice, or a file where another path needs a folder. As the
 * files of a task come from several places, both the page and the server look before a job is posted.
 *
 * @returns undefined where there are none
 * @example findPathConflict(['data', 'data/a.txt']) // ['data', 'data/a.txt']
 */
export function findPathConflict(paths: readonly string[]): readonly [string, string] | undefined {
  const files = new Set<string>()
  for (const path of paths) {
    if (files.has(path)) return [path, path]
    files.add(path)
  }
  for (const path of paths)
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const folder = path.slice(0, end)
      if (files.has(folder)) return [folder, path]
    }
  return undefined
}
