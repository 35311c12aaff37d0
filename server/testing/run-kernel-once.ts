import { toBase64Url } from '../../protocol/bytes.ts'
import type { ReactorExports } from '../../protocol/kernel.ts'

/** Runs a kernel on an input, to its end. @returns the output in base64url */
export async function runKernelOnce(kernel: Uint8Array<ArrayBuffer>, input: Uint8Array): Promise<string> {
  const abort = () => {
    throw new Error('The kernel aborted.')
  }
  const { instance } = await WebAssembly.instantiate(kernel, { env: { abort } })
  const { memory, alloc, start, step, output } = instance.exports as unknown as ReactorExports
  const pointer = alloc(input.length)
  new Uint8Array(memory.buffer).set(input, pointer)
  if (start(pointer, input.length) !== 0) throw new Error('The kernel refused its input.')
  for (let more = 1; more === 1; ) more = step(1_000_000)
  const place = output()
  return toBase64Url(new Uint8Array(memory.buffer, Number(place >> 32n), Number(place & 0xffff_ffffn)))
}
