import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { kernels } from '../../wasm/kernels.ts'
import { cutSplit, type FilesPart, type SplitPart, takeFiles } from './cut-split.ts'
import { chosenModule } from './draft.ts'
import { parameterFields, readParameters } from './parameter-form.ts'
import { usePosting } from './posting-context.ts'
import type { Prepared } from './prepared.ts'
import { inputGaps, readArguments } from './read-split.ts'

export type Preparing =
  /** Something is still missing before it can be read. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'reading' }
  | { readonly kind: 'refused'; readonly reason: string }
  /** The file has no line that would be a task. */
  | { readonly kind: 'empty' }
  | { readonly kind: 'ready'; readonly prepared: Prepared }

// Reading and digesting large files takes seconds: done once for what stands in the draft, not with every key.
const readOnce = { staleTime: Number.POSITIVE_INFINITY, retry: false } as const

function useUpload(isWanted: boolean): Preparing {
  const { draft, store } = usePosting()
  const { input } = draft
  const { way, from, to, size, lines, format, hasHeader, files, sweep } = input
  const split = useQuery<SplitPart>({
    queryKey: ['post', 'split', { way, from, to, size, lines, format, hasHeader, files, sweep }],
    queryFn: () => cutSplit(store, input),
    enabled: isWanted,
    ...readOnce,
  })
  const shared = useQuery<FilesPart>({
    queryKey: ['post', 'shared', input.shared],
    queryFn: () => takeFiles(store, input.shared),
    enabled: isWanted,
    ...readOnce,
  })
  const module = chosenModule(draft)
  return useMemo<Preparing>(() => {
    if (!isWanted || module === undefined) return { kind: 'absent' }
    const error = split.error ?? shared.error
    if (error) return { kind: 'refused', reason: error.message }
    if (split.data === undefined || shared.data === undefined) return { kind: 'reading' }
    if (split.data.kind === 'empty') return { kind: 'empty' }
    const isCommand = module.program === 'wasi'
    return {
      kind: 'ready',
      prepared: {
        kind: 'upload',
        kernel: { kind: 'upload', digest: module.digest },
        parameters: {
          kind: module.program,
          split: split.data.split,
          arguments: isCommand ? readArguments(input.arguments) : [],
          stdin: input.stdin,
          shared: isCommand ? [...shared.data.files] : [],
        },
        list: split.data.list,
        tasks: split.data.tasks,
        blobs: [...split.data.blobs, ...(isCommand ? shared.data.blobs : [])],
      },
    }
  }, [isWanted, module, split.data, split.error, shared.data, shared.error, input.arguments, input.stdin])
}

/** The job as it would be posted, as soon as the draft says enough. */
export function usePrepared(): Preparing {
  const { draft } = usePosting()
  const { program } = draft
  const module = chosenModule(draft)
  const isUpload = module !== undefined && inputGaps(draft.input, module.program).length === 0
  const upload = useUpload(isUpload)
  const typed = program.fields[program.kernelId]
  const builtIn = useMemo<Preparing>(() => {
    const kernel = kernels[program.kernelId]
    if (kernel === undefined) return { kind: 'absent' }
    const read = readParameters(kernel, parameterFields(kernel, typed))
    if (read.kind === 'invalid') return { kind: 'absent' }
    const { parameters } = read
    return {
      kind: 'ready',
      prepared: {
        kind: 'builtIn',
        kernel: { kind: 'builtIn', id: kernel.id },
        parameters,
        tasks: kernel.taskCount(parameters),
      },
    }
  }, [program.kernelId, typed])
  return program.way === 'builtIn' ? builtIn : upload
}
