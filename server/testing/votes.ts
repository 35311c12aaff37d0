import { createHash } from 'node:crypto'
import type { LoggedVote, Party } from '../domain/task.ts'

export const party = (id: number, network = 0): Party => ({
  deviceId: BigInt(id),
  accountId: BigInt(id),
  network: BigInt(network),
})

/** A credibility that makes two who agree right. */
export const established = 0.999

type Said = LoggedVote['said']
export const output = (bytes: Uint8Array | string): Said => {
  const output = Buffer.from(bytes)
  return { kind: 'output', digest: createHash('sha256').update(output).digest('hex'), output }
}
export const failed = (reason: string): Said => ({ kind: 'failed', reason })
export const same = (replica: number): Said => ({ kind: 'same', replica })

/** A vote of an account, whose device has the same number; account 1 returns replica 0, account 2 replica 1, and so on. */
export function loggedVote(
  account: number,
  said: Said | string = 'a',
  rest: Partial<Omit<LoggedVote, 'said' | 'accountId' | 'deviceId'>> = {},
): LoggedVote {
  return {
    ...party(account),
    offset: 0,
    replica: account - 1,
    credibility: established,
    elapsedMs: 5,
    returnedAt: 1000 + account,
    said: typeof said === 'string' ? output(said) : said,
    ...rest,
  }
}

/** The digest of an output in words. */
export function digestOf(words: string): string {
  const said = output(words)
  return said.kind === 'output' ? said.digest : ''
}
