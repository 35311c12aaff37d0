import { createHash } from 'node:crypto'
import type { LoggedVote, Party } from '../domain/task.ts'

/** When the results of these tests came in. */
export const returnedAt = Date.UTC(2026, 10, 22, 12)

export const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex')

const report = (account: number, credibility: number) => ({
  accountId: BigInt(account),
  deviceId: BigInt(100 + account),
  network: 0n,
  returnedAt: returnedAt + account * 1000,
  credibility,
})

/** What an account says of a task of a chunk: a text as its output. */
export interface Said {
  readonly offset: number
  readonly account: number
  readonly replica: number
  readonly output?: string
  /** Instead of an output: the replica that it is equal to. */
  readonly same?: number
  /** Instead of an output: why the code failed. */
  readonly failed?: string
  readonly credibility?: number
}

export function voteOf({ offset, account, replica, output = '', same, failed, credibility = 0.999 }: Said): LoggedVote {
  const said: LoggedVote['said'] =
    failed !== undefined
      ? { kind: 'failed', reason: failed }
      : same !== undefined
        ? { kind: 'same', replica: same }
        : { kind: 'output', digest: digestOf(output), output: Buffer.from(output) }
  return { report: report(account, credibility), offset, replica, elapsedMs: 7, said }
}

/** Two established accounts that return the same for a task. */
export const agreed = (offset: number, output: string): Said[] => [
  { offset, account: 1, replica: 0, output },
  { offset, account: 2, replica: 1, same: 0 },
]

export const party = (id: number, network = 0): Party => ({
  deviceId: BigInt(id),
  accountId: BigInt(id),
  network: BigInt(network),
})

/** A credibility that makes two who agree right. */
export const established = 0.999

export const output = (bytes: Uint8Array | string): LoggedVote['said'] => {
  const output = Buffer.from(bytes)
  return { kind: 'output', digest: createHash('sha256').update(output).digest('hex'), output }
}
export const failed = (reason: string): LoggedVote['said'] => ({ kind: 'failed', reason })
export const same = (replica: number): LoggedVote['said'] => ({ kind: 'same', replica })

/** What a test may say of a vote beside who returned what. */
export type Rest = Partial<Omit<LoggedVote, 'said' | 'report'> & Omit<LoggedVote['report'], 'accountId' | 'deviceId'>>

/** A vote of an account, whose device has the same number; account 1 returns replica 0, account 2 replica 1, and so on. */
export function loggedVote(
  account: number,
  said: LoggedVote['said'] | string = 'a',
  { credibility = established, returnedAt: at = 1000 + account, network = 0n, ...rest }: Rest = {},
): LoggedVote {
  return {
    report: { ...party(account), network, credibility, returnedAt: at },
    offset: 0,
    replica: account - 1,
    elapsedMs: 5,
    said: typeof said === 'string' ? output(said) : said,
    ...rest,
  }
}
