import { expose } from 'comlink'
import type { Compilation, Compiler, SourceProblem } from './compiler.ts'
import { lineAndColumn } from './line-and-column.ts'

const entry = 'kernel.ts'
const options = ['-O3', '--runtime=stub', '--enable=simd', '--maximumMemory=256', '--use=abort=']

interface Diagnostic {
  readonly message: string
  readonly category: number
  readonly range: { readonly start: number; readonly source: { readonly normalizedPath: string } | null } | null
}

/** What the compiler counts as an error. */
const errorCategory = 3

// The compiler asks for a module of its own, of some hundred bytes, by a data: address, which the page's policy refuses.
const { fetch } = globalThis
globalThis.fetch = (resource, init) => {
  const inline = /^data:application\/wasm;base64,(.*)$/.exec(String(resource))?.[1]
  if (inline === undefined) return fetch(resource, init)
  const bytes = Uint8Array.from(atob(inline), character => character.charCodeAt(0))
  return Promise.resolve(new Response(bytes, { headers: { 'content-type': 'application/wasm' } }))
}

const compiler: Compiler = {
  async compile(source): Promise<Compilation> {
    const { default: asc } = await import('assemblyscript/asc')
    const problems: SourceProblem[] = []
    let module: Uint8Array<ArrayBuffer> | undefined
    const { error } = await asc.main([entry, '--outFile=kernel.wasm', ...options], {
      readFile: name => (name === entry ? source : null),
      writeFile: (name, contents) => {
        if (name === 'kernel.wasm' && typeof contents !== 'string') module = new Uint8Array(contents)
      },
      listFiles: () => [],
      reportDiagnostic(diagnostic) {
        const { message, category, range } = diagnostic as unknown as Diagnostic
        if (category !== errorCategory) return
        const isOurs = range?.source?.normalizedPath === entry
        problems.push({ message, ...(isOurs && lineAndColumn(source, range.start)) })
      },
    })
    if (module !== undefined && !error) return { kind: 'compiled', module }
    if (problems.length === 0) problems.push({ message: error?.message ?? 'The compiler gave no module.' })
    return { kind: 'refused', problems }
  },
}

expose(compiler)
