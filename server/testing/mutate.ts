import { wholeBelow } from './seeded-random.ts'

/** What parsers stumble over. */
const pieces = [
  '',
  '\0',
  '\u{fffd}\u{202e}',
  '"',
  '{',
  '[[[[[[[[[[[[[[[[',
  '}',
  'null',
  '-1',
  '1e999',
  '18446744073709551616',
  '{"__proto__":{"x":1}}',
  ',"',
  '\\ud800',
  'A'.repeat(5000),
].map(text => Buffer.from(text))
const bytes = [0x00, 0x01, 0x7f, 0x80, 0xff]

type Mutation = (body: Buffer, random: () => number) => Buffer

const spliced = (body: Buffer, at: number, removed: number, piece: Uint8Array) =>
  Buffer.concat([body.subarray(0, at), piece, body.subarray(at + removed)])

const mutations: readonly Mutation[] = [
  function flipBit(body, random) {
    const flipped = Buffer.from(body)
    const at = wholeBelow(random, body.length)
    flipped[at] = (flipped[at] ?? 0) ^ (1 << wholeBelow(random, 8))
    return flipped
  },
  function setBytes(body, random) {
    const value = bytes[wholeBelow(random, bytes.length)] as number
    return spliced(body, wholeBelow(random, body.length), 8, Buffer.alloc(1 + wholeBelow(random, 8), value))
  },
  (body, random) => body.subarray(0, wholeBelow(random, body.length + 1)),
  (body, random) => spliced(body, wholeBelow(random, body.length), wholeBelow(random, 32), Buffer.alloc(0)),
  function repeat(body, random) {
    const at = wholeBelow(random, body.length)
    return spliced(body, at, 0, body.subarray(at, at + wholeBelow(random, 256)))
  },
  (body, random) =>
    spliced(body, wholeBelow(random, body.length + 1), 0, pieces[wholeBelow(random, pieces.length)] as Buffer),
]

/** Changes a body in one to four places. */
export function mutate(body: Uint8Array, random: () => number): Buffer {
  let mutated = Buffer.from(body)
  for (let left = 1 + wholeBelow(random, 4); left > 0; left--)
    mutated = Buffer.from((mutations[wholeBelow(random, mutations.length)] as Mutation)(mutated, random))
  return mutated
}
