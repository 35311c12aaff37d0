import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import * as z from 'zod/mini'
import { TidemillError } from '../../protocol/errors.ts'
import { JobFileDescription, jobFileProblems } from '../../protocol/job-json.ts'

z.config(z.locales.en())

/** job.json, or a file that it names, is not what it should be. The message says where, and what to change. */
export class JobFileError extends TidemillError {
  override readonly name = 'JobFileError'
}

export interface JobFile {
  readonly job: JobFileDescription
  /** The folder that its paths are relative to. */
  readonly folder: string
}

/** Why a file cannot be read, as a sentence. */
export function unreadable(path: string, cause: unknown): JobFileError {
  const code = (cause as NodeJS.ErrnoException).code
  const why =
    code === 'ENOENT'
      ? 'there is no such file'
      : code === 'EISDIR'
        ? 'it is a folder'
        : code === 'EACCES'
          ? 'you may not read it'
          : `${code ?? cause}`
  return new JobFileError(`${path} cannot be read: ${why}.`, { cause })
}

/** @throws {JobFileError} where the file is not there, is a folder, or may not be read */
export async function readLocalFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await readFile(path))
  } catch (error) {
    throw unreadable(path, error)
  }
}

/** @throws {JobFileError} that names every place of the file that is not as it should be */
export async function readJobFile(path: string): Promise<JobFile> {
  const text = new TextDecoder().decode(await readLocalFile(path))
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new JobFileError(`${path} is no JSON: ${cause instanceof Error ? cause.message : cause}.`, { cause })
  }
  const parsed = JobFileDescription.safeParse(value)
  if (parsed.success) return { job: parsed.data, folder: dirname(resolve(path)) }
  const problems = jobFileProblems(parsed.error)
  throw new JobFileError(`${path} is not as it should be:\n${problems.map(problem => `  ${problem}`).join('\n')}`)
}
