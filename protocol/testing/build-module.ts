/** Modules made by hand, byte by byte, for what no compiler would write. */

export const header = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]

/** Unsigned LEB128. */
export function leb(value: number): number[] {
  const bytes: number[] = []
  let left = value
  for (; left > 127; left = Math.floor(left / 128)) bytes.push((left % 128) | 128)
  return [...bytes, left]
}

export const section = (id: number, body: readonly number[]): number[] => joined([[id], leb(body.length), body])
export const vector = (items: readonly (readonly number[])[]): number[] => joined([leb(items.length), ...items])
export const nameOf = (text: string): number[] => {
  const bytes = [...new TextEncoder().encode(text)]
  return [...leb(bytes.length), ...bytes]
}

export const memorySection = (...memories: number[][]): number[] => section(5, vector(memories))

/** A function's body: groups of locals, then instructions, to which the last `end` is added. */
export function functionOf(code: readonly number[], locals: readonly (readonly number[])[] = []): number[] {
  const body = joined([vector(locals), code, [0x0b]])
  return joined([leb(body.length), body])
}

function joined(parts: readonly (readonly number[])[]): number[] {
  const all: number[] = []
  for (const part of parts) for (const byte of part) all.push(byte)
  return all
}

interface ModuleParts {
  readonly imports?: readonly (readonly [string, string])[]
  readonly tables?: readonly (readonly number[])[]
  /** The whole section; empty for none. */
  readonly memory?: readonly number[]
  readonly functions?: readonly (readonly number[])[]
  readonly exports?: readonly (readonly [string, number, number])[]
}

/** A WASI command whose functions all take and give nothing, with parts of it replaced. */
export function buildModule({
  imports = [],
  tables = [],
  memory = memorySection([1, 1, 1]),
  functions = [functionOf([])],
  exports = [
    ['_start', 0, imports.length],
    ['memory', 2, 0],
  ],
}: ModuleParts = {}): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(
    joined([
      header,
      section(1, vector([[0x60, 0, 0]])),
      imports.length > 0
        ? section(2, vector(imports.map(([module, name]) => [...nameOf(module), ...nameOf(name), 0, 0])))
        : [],
      section(3, vector(functions.map(() => [0]))),
      tables.length > 0 ? section(4, vector(tables)) : [],
      memory,
      section(7, vector(exports.map(([name, kind, index]) => [...nameOf(name), kind, ...leb(index)]))),
      section(10, vector(functions)),
    ]),
  )
}
