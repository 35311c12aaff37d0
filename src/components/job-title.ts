import type { Job } from '../../protocol/jobs.ts'
import { type Language, programKernelId } from '../../protocol/kernel.ts'
import { findKernel } from '../../wasm/kernels.ts'
import type { Messages } from '../messages/en.ts'

/** A kernel's name for people; of an uploaded one, that it is one. */
export function kernelTitle(t: Messages, language: Language, kernelId: string): string {
  if (kernelId === programKernelId) return t.job.program
  return findKernel(kernelId)?.text[language].title ?? t.projects.unknownKernel(kernelId)
}

/** The poster's title, else the kernel's. */
export const jobTitle = (t: Messages, language: Language, job: Pick<Job, 'title' | 'kernelId'>): string =>
  job.title ?? kernelTitle(t, language, job.kernelId)
