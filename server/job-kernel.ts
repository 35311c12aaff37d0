import type { Digest } from '../protocol/digest.ts'
import type { Cell } from '../protocol/kernel.ts'
import { FileList, LineList, ProgramParameters, programKernelId, type SplitList } from '../protocol/program.ts'
import { encodeTaskInput, taskInputOf } from '../protocol/task-input.ts'
import { findKernel } from '../wasm/kernels.ts'
import type { BlobStore } from './blobs/blob-store.ts'
import type { JobRow } from './db/jobs.ts'
import { outputText } from './domain/output-text.ts'

/** A job's kernel with the job's own parameters: what the server has to know of it to hand out work and take results. */
export interface JobKernel {
  /** The input of a task as its lease carries it. @throws {RangeError} where there is no such task */
  encodeInput(index: bigint): Uint8Array<ArrayBuffer>
  /** @throws {RangeError} where the bytes cannot be an output of this kernel */
  checkOutput(output: Uint8Array): void
  /** Column names of {@link rows}, in order. */
  readonly columns: readonly string[]
  /** An output as table rows, for downloads. @throws {RangeError} */
  rows(output: Uint8Array): readonly (readonly Cell[])[]
  readonly emptySummary: unknown
  /** @throws {RangeError} */
  addOutput(summary: unknown, output: Uint8Array): unknown
  mergeSummaries(one: unknown, other: unknown): unknown
}

type KernelRow = Pick<JobRow, 'kernelId' | 'parameters' | 'selection'>

/** A job that runs some tasks of another one again numbers its own from 0. */
const originalIndex = ({ selection }: Pick<KernelRow, 'selection'>, index: bigint): bigint => {
  if (selection === undefined) return index
  const original = selection[Number(index)]
  if (original === undefined) throw new RangeError(`Task ${index} is outside of the job.`)
  return original
}

/** @returns undefined where this version has no built-in kernel of that id */
export function builtInJobKernel(row: KernelRow): JobKernel | undefined {
  const descriptor = findKernel(row.kernelId)
  if (descriptor === undefined) return undefined
  const parameters = descriptor.parameters.parse(row.parameters)
  return {
    encodeInput: index => descriptor.encodeInput(parameters, originalIndex(row, index)),
    checkOutput: output => void descriptor.decodeOutput(output),
    columns: descriptor.columns,
    rows: output => descriptor.rows(descriptor.decodeOutput(output)),
    emptySummary: descriptor.emptySummary,
    addOutput: (summary, output) => descriptor.addOutput(summary, descriptor.decodeOutput(output)),
    mergeSummaries: descriptor.mergeSummaries,
  }
}

/** What the outputs of an uploaded program say together: only how much there is. */
interface ProgramSummary {
  readonly outputs: number
  readonly bytes: number
}

/** @param list what the split's list blob says, where it has one */
export function programJobKernel(
  row: Omit<KernelRow, 'kernelId'>,
  parameters: ProgramParameters,
  list: SplitList | undefined,
): JobKernel {
  const emptySummary: ProgramSummary = { outputs: 0, bytes: 0 }
  return {
    encodeInput: index => encodeTaskInput(taskInputOf(parameters, list, originalIndex(row, index))),
    // Whatever a program writes is its output.
    checkOutput() {},
    columns: ['output'],
    rows: output => [[outputText(output)]],
    emptySummary,
    addOutput(summary, output) {
      const { outputs, bytes } = summary as ProgramSummary
      return { outputs: outputs + 1, bytes: bytes + output.length }
    },
    mergeSummaries(one, other) {
      const [{ outputs, bytes }, more] = [one as ProgramSummary, other as ProgramSummary]
      return { outputs: outputs + more.outputs, bytes: bytes + more.bytes }
    },
  }
}

/** Reads the list blob of a split. @returns undefined where it has none, it is not stored, or it is no such list */
export async function readSplitList(
  blobs: Pick<BlobStore, 'get'>,
  { split }: ProgramParameters,
): Promise<SplitList | undefined> {
  if (split.kind !== 'files' && split.kind !== 'lines') return undefined
  const bytes = await blobs.get(split.list)
  if (bytes === undefined) return undefined
  const list = parseJson(bytes.toString('utf8'))
  if (split.kind === 'files') {
    const files = FileList.safeParse(list)
    return files.success ? { kind: 'files', files: files.data } : undefined
  }
  const packs = LineList.safeParse(list)
  return packs.success ? { kind: 'lines', packs: packs.data } : undefined
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Lists that are kept: they may have as much as 16 MB. */
const kernelsKept = 64

/** Kernels of jobs, each made once. */
export function createJobKernels(blobs: Pick<BlobStore, 'get' | 'has'>) {
  const kept = new Map<bigint, JobKernel>()

  async function create(row: JobRow): Promise<JobKernel | undefined> {
    if (row.kernelId !== programKernelId) return builtInJobKernel(row)
    const parameters = ProgramParameters.parse(row.parameters)
    const list = await readSplitList(blobs, parameters)
    const hasList = parameters.split.kind === 'files' || parameters.split.kind === 'lines'
    return hasList && list === undefined ? undefined : programJobKernel(row, parameters, list)
  }

  return {
    /** @returns undefined for a job whose kernel this version does not know, or whose inputs this server cannot read now */
    async of(row: JobRow): Promise<JobKernel | undefined> {
      const known = kept.get(row.id)
      if (known !== undefined) return known
      const kernel = await create(row)
      if (kernel === undefined) return undefined
      kept.set(row.id, kernel)
      for (const oldest of kept.keys()) {
        if (kept.size <= kernelsKept) break
        kept.delete(oldest)
      }
      return kernel
    },

    /** Whether the store has the kernel itself. */
    isStored: (row: JobRow): Promise<boolean> => blobs.has(row.kernelDigest.toString('hex') as Digest),
  }
}

export type JobKernels = ReturnType<typeof createJobKernels>
