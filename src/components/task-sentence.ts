import { parseTaskId, type TaskId } from '../../protocol/ids.ts'
import type { Job } from '../../protocol/jobs.ts'
import { type Language, programKernelId } from '../../protocol/kernel.ts'
import { findKernel } from '../../wasm/kernels.ts'
import type { Messages } from '../messages/en.ts'
import { jobTitle } from './job-title.ts'

interface Question {
  readonly t: Messages
  readonly language: Language
  readonly jobs: readonly Job[]
  readonly taskId: TaskId
}

/** What a task does, in one plain sentence; its name alone while the job or the kernel is not known here. */
export function taskSentence({ t, language, jobs, taskId }: Question): string {
  const { jobId, index } = parseTaskId(taskId)
  const job = jobs.find(({ id }) => id === jobId)
  if (job?.kernelId === programKernelId) return t.job.task(taskId, jobTitle(t, language, job))
  // A job that runs tasks of another one again has them under numbers of its own.
  const kernel = job?.rerunOf === undefined ? job && findKernel(job.kernelId) : undefined
  const parameters = kernel?.parameters.safeParse(job?.parameters)
  if (kernel === undefined || parameters?.success !== true) return t.compute.task(taskId)
  return kernel.describeTask(parameters.data, index, language)
}
