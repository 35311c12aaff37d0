import type { NewTrial } from '../../protocol/posting.ts'
import { ProgramParameters, programKernelId } from '../../protocol/program.ts'
import { splitCount } from '../../protocol/task-input.ts'
import { findKernel } from '../../wasm/kernels.ts'
import { InvalidRequestError } from '../errors.ts'

/** What a trial and the job made of it run, as far as its request alone tells. */
export interface Posted {
  readonly kernelId: string
  readonly parameters: unknown
  readonly tasks: bigint
  /** Credit of a task, where the kernel says it; that of an uploaded program is measured. */
  readonly creditPerTask: number | undefined
}

/** PostgreSQL's bigint ends here. */
const mostTasks = 2n ** 63n - 1n

/** A schema's complaints, as the routes' own parser words them. */
function refuse(issues: readonly { readonly path: PropertyKey[]; readonly message: string }[]): never {
  const named = issues.map(({ path, message }) => ({ path: ['parameters', ...path.map(String)].join('.'), message }))
  throw new InvalidRequestError(`${named[0]?.path ?? 'parameters'}: ${named[0]?.message ?? 'not as expected'}.`, named)
}

/** Checks the parameters by the kernel's own schema. @throws {InvalidRequestError} that names what to change */
export function checkPosted({ kernel, parameters }: Pick<NewTrial, 'kernel' | 'parameters'>): Posted {
  const posted = kernel.kind === 'upload' ? checkProgram(parameters) : checkBuiltIn(kernel.id, parameters)
  if (posted.tasks > mostTasks) throw new InvalidRequestError('A job may have 2^63 - 1 tasks. Cut it into larger ones.')
  return posted
}

function checkProgram(parameters: unknown): Posted {
  const parsed = ProgramParameters.safeParse(parameters)
  if (!parsed.success) refuse(parsed.error.issues)
  const tasks = splitCount(parsed.data)
  return { kernelId: programKernelId, parameters: parsed.data, tasks, creditPerTask: undefined }
}

function checkBuiltIn(id: string, parameters: unknown): Posted {
  const descriptor = findKernel(id)
  if (descriptor === undefined) throw new InvalidRequestError(`kernel.id: there is no built-in kernel ${id}.`)
  const parsed = descriptor.parameters.safeParse(parameters)
  if (!parsed.success) refuse(parsed.error.issues)
  return {
    kernelId: id,
    parameters: parsed.data,
    tasks: descriptor.taskCount(parsed.data),
    creditPerTask: descriptor.taskCredit(parsed.data),
  }
}
