import * as z from 'zod/mini'
import type { Job } from '../../protocol/jobs.ts'
import { programKernelId } from '../../protocol/kernel.ts'

const Command = z.object({ kind: z.literal('wasi') })

/** A WASI command says how far it is only if it wants to: as long as it has said nothing, 0 means nothing. */
export const tellsProgress = (job: Pick<Job, 'kernelId' | 'parameters'> | undefined, progress: number): boolean =>
  progress > 0 || job?.kernelId !== programKernelId || !Command.safeParse(job.parameters).success
