import { expect, vi } from 'vitest'
import { sha256 } from '../../protocol/digest.ts'
import { type NewJob, type NewTrial, PostedJob, Trial, type TrialOutcome } from '../../protocol/posting.ts'
import type { ProgramParameters } from '../../protocol/program.ts'
import { assembleKernel, type KernelParts } from '../../workers/testing/assemble.ts'
import type { TestDevice } from './device.ts'
import { storeBlob } from './store-blob.ts'

/** Gives its input back. */
export const echoKernel: KernelParts = {
  extra: `
    let at: i32 = 0
    let size: i32 = 0
  `,
  start: `export function start(pointer: i32, length: i32): i32 {
    at = pointer
    size = length
    return 0
  }`,
  output: 'export function output(): i64 { return (i64(at) << 32) | i64(size) }',
}

/** One task a number, for a reactor. */
export const countingTo = (to: bigint, size = 1n): ProgramParameters => ({
  kind: 'reactor',
  split: { kind: 'range', from: '0', to: `${to}`, size: `${size}` },
  arguments: [],
  stdin: 'piece',
  shared: [],
})

/** Ten tasks of a command that takes no arguments. */
export const tenTasks: ProgramParameters = {
  kind: 'wasi',
  split: { kind: 'range', from: '0', to: '9', size: '1' },
  arguments: [],
  stdin: 'empty',
  shared: [],
}

/** Stores bytes. @returns their digest */
export async function store(server: { readonly url: string }, device: TestDevice, bytes: Uint8Array<ArrayBuffer>) {
  expect((await storeBlob(server, device, Buffer.from(bytes))).status).toBe(200)
  return sha256(bytes)
}

export async function beginTrial(device: TestDevice, trial: Omit<NewTrial, 'compare'> & Partial<NewTrial>) {
  const response = await device.request('POST', '/api/trials', trial)
  expect(response.status).toBe(200)
  return Trial.parse(await response.json())
}

/** Waits for what a trial says. */
export const outcomeOf = (device: TestDevice, { id }: Pick<Trial, 'id'>): Promise<TrialOutcome> =>
  vi.waitFor(
    async () => {
      const { outcome } = Trial.parse(await (await device.request('GET', `/api/trials/${id}`)).json())
      if (outcome === undefined) throw new Error('The trial still runs.')
      return outcome
    },
    { timeout: 60_000, interval: 50 },
  )

/** Stores a program and tries it. */
export async function tryProgram(
  server: { readonly url: string },
  device: TestDevice,
  program: KernelParts | Uint8Array<ArrayBuffer>,
  parameters: ProgramParameters,
): Promise<{ trial: Trial; outcome: TrialOutcome }> {
  const bytes = program instanceof Uint8Array ? program : await assembleKernel(program)
  const digest = await store(server, device, bytes)
  const trial = await beginTrial(device, { kernel: { kind: 'upload', digest }, parameters })
  return { trial, outcome: await outcomeOf(device, trial) }
}

/** `POST /api/jobs` with terms that suit a test: two newcomers who agree are believed. */
export const requestJob = (device: TestDevice, trial: Pick<Trial, 'id'>, terms: Partial<NewJob> = {}) =>
  device.request('POST', '/api/jobs', {
    trial: trial.id,
    title: 'A test',
    policy: { confidence: 0.9 },
    budgetCredits: 1000,
    ...terms,
  })

export async function postJob(device: TestDevice, trial: Pick<Trial, 'id'>, terms?: Partial<NewJob>) {
  const response = await requestJob(device, trial, terms)
  expect(await response.clone().json()).toHaveProperty('id')
  return PostedJob.parse(await response.json()).id
}
