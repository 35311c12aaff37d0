import { pageBytes, sectionIds } from './inspect-module.ts'
import { ModuleReader } from './module-reader.ts'

const hasMaximum = 1
const headerBytes = 8

function unsignedBytes(value: number): number[] {
  const bytes: number[] = []
  let left = value
  for (; left > 127; left = Math.floor(left / 128)) bytes.push((left % 128) | 128)
  return [...bytes, left]
}

/**
 * A module whose memory cannot grow past `maximumBytes`: the same bytes where it declares as much itself, else a copy whose
 * memory section does. The engine then keeps to it, and `memory.grow` fails at the same size on every device.
 *
 * @param bytes a module that `inspectModule` found fit
 */
export function capMemory(bytes: Uint8Array<ArrayBuffer>, maximumBytes: number): Uint8Array<ArrayBuffer> {
  const reader = new ModuleReader(bytes, headerBytes)
  const cap = Math.floor(maximumBytes / pageBytes)
  while (!reader.isAtEnd) {
    const from = reader.at
    const id = reader.byte()
    const section = reader.part(reader.unsigned())
    if (id !== sectionIds.memory) continue
    const [count, flags, initial] = [section.unsigned(), section.unsigned(), section.unsigned()]
    if (flags & hasMaximum && section.unsigned() <= cap) return bytes
    const body = [...unsignedBytes(count), hasMaximum, ...unsignedBytes(initial), ...unsignedBytes(cap)]
    const rewritten = [sectionIds.memory, ...unsignedBytes(body.length), ...body]
    const capped = new Uint8Array(bytes.length - (reader.at - from) + rewritten.length)
    capped.set(bytes.subarray(0, from))
    capped.set(rewritten, from)
    capped.set(bytes.subarray(reader.at), from + rewritten.length)
    return capped
  }
  return bytes
}
