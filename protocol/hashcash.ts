import { sha256 } from './digest.ts'

/** More would keep a phone busy for longer than anybody waits. */
export const workBitsMost = 20

/** Hashes of one round: enough that waiting for each weighs little, few enough that an abort is soon seen. */
const batch = 256

/** Zero bits that a digest begins with. */
function leadingZeroBits(digest: string): number {
  const zeros = digest.match(/^0*/)?.[0].length ?? 0
  return zeros * 4 + (zeros < digest.length ? Math.clz32(Number.parseInt(digest[zeros] as string, 16)) - 28 : 0)
}

const hash = (challenge: string, nonce: number): Promise<string> =>
  sha256(new TextEncoder().encode(`tidemill work\n${challenge}\n${nonce}`))

/**
 * Whether a nonce proves work on a challenge: the SHA-256 of both begins with `difficulty` zero bits. Checking takes one
 * hash, finding `2 ** difficulty` on average. Source: Adam Back, Hashcash: A Denial of Service Counter-Measure, 2002.
 */
export async function provesWork(challenge: string, nonce: number, difficulty: number): Promise<boolean> {
  return leadingZeroBits(await hash(challenge, nonce)) >= difficulty
}

/**
 * Finds a nonce that {@link provesWork} accepts. It never holds the thread for long.
 *
 * @throws the signal's reason when it is aborted
 */
export async function solveWork(challenge: string, difficulty: number, signal: AbortSignal): Promise<number> {
  for (let first = 0; ; first += batch) {
    signal.throwIfAborted()
    const digests = await Promise.all(Array.from({ length: batch }, (_, at) => hash(challenge, first + at)))
    const found = digests.findIndex(digest => leadingZeroBits(digest) >= difficulty)
    if (found >= 0) return first + found
  }
}
