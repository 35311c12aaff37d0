import { glob, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { FilePath, programLimits } from '../../protocol/program.ts'
import { JobFileError } from './job-file.ts'

/** A file of the poster's machine, and where a program finds it. */
export interface LocalFile {
  readonly path: string
  readonly localPath: string
}

/** The local file under its path from the folder. @throws {JobFileError} where that leads out of the folder */
export function inTree(folder: string, localPath: string): LocalFile {
  const path = relative(folder, localPath).split(sep).join('/')
  if (FilePath.safeParse(path).success) return { path, localPath }
  throw new JobFileError(
    `${path} cannot be the path of a file in a job: it must lie in the folder of job.json or below, its path has at most ${programLimits.pathLength} characters, and none of them is \\ or invisible.`,
  )
}

const isFile = async (path: string): Promise<boolean> => (await stat(path)).isFile()

async function match(folder: string, pattern: string): Promise<string[]> {
  const found: string[] = []
  for await (const name of glob(pattern, { cwd: folder })) {
    const path = join(folder, name)
    if (await isFile(path)) found.push(path)
  }
  return found
}

/**
 * Files that paths and patterns name, each once, in the order of their paths: the same files make the same tasks.
 *
 * @throws {JobFileError} where one of them names no file
 */
export async function findFiles(folder: string, patterns: readonly string[]): Promise<LocalFile[]> {
  const found = new Map<string, LocalFile>()
  for (const pattern of patterns) {
    const files = await match(folder, pattern)
    if (files.length === 0)
      throw new JobFileError(
        `"${pattern}" names no file in ${folder}. For all files of a folder, write folder/**; a path begins at job.json.`,
      )
    for (const localPath of files) {
      const file = inTree(folder, localPath)
      found.set(file.path, file)
    }
  }
  return [...found.values()].sort((one, other) => (one.path < other.path ? -1 : 1))
}
