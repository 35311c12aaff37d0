import { vi } from 'vitest'
import { type NewJob, PostedJob, Trial, type TrialOutcome } from '../../protocol/posting.ts'
import { ProgramParameters } from '../../protocol/program.ts'
import { digestOf } from '../blobs/blob-store.ts'
import type { TestDevice } from './device.ts'
import { storeBlob } from './store-blob.ts'

/** Ten tasks of a command that takes no arguments. */
const tenTasks: ProgramParameters = ProgramParameters.parse({
  kind: 'wasi',
  split: { kind: 'range', from: '0', to: '9', size: '1' },
  arguments: [],
  stdin: 'empty',
  shared: [],
})

export interface TriedProgram {
  readonly id: string
  readonly tasks: string
  readonly outcome: TrialOutcome
}

/** Stores a program, has it tried, and waits for what comes of it. */
export async function tryProgram(
  server: { readonly url: string },
  device: TestDevice,
  bytes: Uint8Array<ArrayBuffer>,
  parameters: Partial<ProgramParameters> = {},
): Promise<TriedProgram> {
  const program = Buffer.from(bytes)
  const stored = await storeBlob(server, device, program)
  if (!stored.ok) throw new Error(await stored.text())
  const begun = await device.request('POST', '/api/trials', {
    kernel: { kind: 'upload', digest: digestOf(program) },
    parameters: { ...tenTasks, ...parameters },
  })
  if (!begun.ok) throw new Error(await begun.text())
  const { id, tasks } = Trial.parse(await begun.json())
  const outcome = await vi.waitFor(
    async () => {
      const trial = Trial.parse(await (await device.request('GET', `/api/trials/${id}`)).json())
      if (trial.outcome === undefined) throw new Error('The trial is not over.')
      return trial.outcome
    },
    { timeout: 60_000, interval: 20 },
  )
  return { id, tasks, outcome }
}

export const postJob = (device: TestDevice, job: Partial<NewJob>): Promise<Response> =>
  device.request('POST', '/api/jobs', { title: 'A job', budgetCredits: 10, ...job })

export const postedId = async (response: Response): Promise<string> => PostedJob.parse(await response.json()).id
