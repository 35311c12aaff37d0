/** A file that a program finds in its read-only tree. */
export interface ProgramFile {
  readonly path: string
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** All that one run of a kernel gets to see. */
export type RunInput =
  /** Input of a reactor kernel. */
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array<ArrayBuffer> }
  /** What a WASI command is started with. */
  | {
      readonly kind: 'command'
      /** Without the program's own name, which is always `program`. */
      readonly arguments: readonly string[]
      readonly stdin: Uint8Array<ArrayBuffer>
      readonly files: readonly ProgramFile[]
      /** 32 bytes that its randomness is a stream of. */
      readonly seed: Uint8Array<ArrayBuffer>
    }
