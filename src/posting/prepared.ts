import type { Digest } from '../../protocol/digest.ts'
import type { PostedKernel } from '../../protocol/posting.ts'
import type { ProgramParameters, SplitList } from '../../protocol/program.ts'

/** Bytes that the server must hold before it can check the job. */
export interface PreparedBlob {
  readonly digest: Digest
  readonly blob: Blob
}

/** A job as it would be posted, read and cut in the browser. Nothing of it was sent anywhere. */
export type Prepared =
  | {
      readonly kind: 'builtIn'
      readonly kernel: Extract<PostedKernel, { kind: 'builtIn' }>
      readonly parameters: unknown
      readonly tasks: bigint
    }
  | {
      readonly kind: 'upload'
      readonly kernel: Extract<PostedKernel, { kind: 'upload' }>
      readonly parameters: ProgramParameters
      /** What the list blob of the split says, where it has one. */
      readonly list: SplitList | undefined
      readonly tasks: bigint
      readonly blobs: readonly PreparedBlob[]
    }
