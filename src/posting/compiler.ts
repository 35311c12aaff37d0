import { type Remote, wrap } from 'comlink'
import { TidemillError } from '../../protocol/errors.ts'
import { once } from '../../protocol/once.ts'

/** Something that the compiler does not take; without a place where it is not in the person's own text. */
export interface SourceProblem {
  readonly message: string
  readonly line?: number
  readonly column?: number
}

export type Compilation =
  | { readonly kind: 'compiled'; readonly module: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'refused'; readonly problems: readonly SourceProblem[] }

export interface Compiler {
  compile(source: string): Promise<Compilation>
}

/** The compiler could not be fetched, or ended before its answer. */
export class CompilerBrokenError extends TidemillError {
  override readonly name = 'CompilerBrokenError'
}

interface Running {
  readonly remote: Remote<Compiler>
  readonly broken: Promise<never>
}

const start = once(async (): Promise<Running> => {
  const worker = new Worker(new URL('./compiler-worker.ts', import.meta.url), { type: 'module' })
  const { promise: broken, reject } = Promise.withResolvers<never>()
  worker.addEventListener('error', ({ message }) =>
    reject(new CompilerBrokenError(message || 'The compiler could not be loaded.')),
  )
  // Nobody may be waiting for an answer when it breaks.
  broken.catch(() => {})
  return { remote: wrap<Compiler>(worker), broken }
})

/**
 * Compiles AssemblyScript in a worker of its own, which is fetched on the first call.
 *
 * @throws {CompilerBrokenError} where the compiler cannot run here
 */
export async function compileSource(source: string): Promise<Compilation> {
  const { remote, broken } = await start()
  return Promise.race([remote.compile(source), broken])
}
