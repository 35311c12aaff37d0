import type { Policy } from '../../protocol/jobs.ts'
import type { Outputs } from './cluster-outputs.ts'
import { saysAccepted, type WeighedBallot } from './group-ballots.ts'
import type { Ballot, Judgement } from './judge.ts'
import { judgeByCredibility } from './judge-by-credibility.ts'
import { reviewAccepted } from './probe.ts'

/** Who asks for work, or returned it. Network 0 is never told apart from another. */
export interface Party {
  readonly deviceId: bigint
  readonly accountId: bigint
  readonly network: bigint
}

/** What all votes of one report have in common. */
export interface Report extends Party {
  readonly returnedAt: number
  /** Of its account, when it was appended to the log. */
  readonly credibility: number
}

/** A returned result as the log has it. */
export interface LoggedVote {
  readonly report: Report
  /** Which task of its chunk. */
  readonly offset: number
  /** Which replica of the task, from 0: each counts once. */
  readonly replica: number
  readonly elapsedMs: number
  readonly said:
    | { readonly kind: 'output'; readonly digest: string; readonly output: Uint8Array }
    /** The same bytes as an earlier replica of the task. The log has them there, whoever returned them now has them too. */
    | { readonly kind: 'same'; readonly replica: number; readonly output?: Uint8Array }
    | { readonly kind: 'failed'; readonly reason: string }
}

/** A vote as it is judged. A class: there are millions in memory, and what they share is kept once. */
export class Vote implements WeighedBallot {
  readonly report: Report
  readonly replica: number
  readonly elapsedMs: number
  readonly ballot: Ballot
  /** Bytes of the output, where they are kept. */
  readonly output: Uint8Array | undefined

  constructor({ report, replica, elapsedMs }: LoggedVote, ballot: Ballot, output: Uint8Array | undefined) {
    this.report = report
    this.replica = replica
    this.elapsedMs = elapsedMs
    this.ballot = ballot
    this.output = output
  }

  get credibility(): number {
    return this.report.credibility
  }
}

/** What a vote came to: `unpaid` where the task failed or is disputed, and nobody is blamed. */
export type Standing = 'waiting' | 'accepted' | 'rejected' | 'unpaid'

/** What has been returned for a task, and what the judge says. */
export interface TaskState {
  readonly votes: readonly Vote[]
  /** One for each vote. */
  readonly standings: readonly Standing[]
  readonly judgement: Judgement
  /** When the vote came that decided. */
  readonly judgedAt: number | undefined
  /** A probe of this accepted task came out differently, and nothing is proven yet. */
  readonly isContested: boolean
}

export const pending: Judgement = { state: 'pending' }

export const freshTask: TaskState = {
  votes: [],
  standings: [],
  judgement: pending,
  judgedAt: undefined,
  isContested: false,
}

/**
 * Folds one vote of the log into its task: a pure function of what came before it there. A replica that has been folded
 * changes nothing, nor does a second vote of an account: then the same task comes back.
 *
 * @param keepsOutputs whether votes keep the bytes of their outputs, also where only their digests are compared
 */
export function foldVote(
  task: TaskState,
  logged: LoggedVote,
  policy: Policy,
  keepsOutputs = policy.compare.kind !== 'exact',
): TaskState {
  for (const { replica, report } of task.votes)
    if (replica === logged.replica || report.accountId === logged.report.accountId) return task
  const votes = [...task.votes, toVote(logged, task.votes, keepsOutputs)]
  const { judgement, judgedAt, isContested } = task
  switch (judgement.state) {
    case 'pending':
      return judge(task, votes, policy)
    case 'accepted':
      return foldReview({ votes, standings: [...task.standings, 'waiting'], judgement, judgedAt, isContested }, policy)
    default:
      return { votes, standings: [...task.standings, 'unpaid'], judgement, judgedAt, isContested }
  }
}

/** The most votes of a task without a verdict that may be paid together: those that say the same. */
export function payableVotes({ judgement, votes }: TaskState, { compare }: Policy): number {
  if (judgement.state !== 'pending') return 0
  const counts = new Map<string, number>()
  for (const { ballot } of votes) {
    if (ballot.kind !== 'output') continue
    // Within a tolerance, any of them may agree.
    const group = compare.kind === 'exact' ? ballot.digest : ''
    counts.set(group, (counts.get(group) ?? 0) + 1)
  }
  return Math.max(0, ...counts.values())
}

/** Reads a vote of the log beside those of its task that came before it. @throws {RangeError} */
function toVote(logged: LoggedVote, earlier: readonly Vote[], keepsOutputs: boolean): Vote {
  const { said } = logged
  switch (said.kind) {
    case 'output': {
      // A copy (which `slice` of a Buffer is not): the bytes are part of a request, or of a row of the log, which need not
      // stay in memory for them.
      const output = keepsOutputs ? new Uint8Array(said.output) : undefined
      return new Vote(logged, { kind: 'output', digest: said.digest }, output)
    }
    case 'failed':
      return new Vote(logged, said, undefined)
    case 'same': {
      const same = earlier.find(({ replica }) => replica === said.replica)
      if (same === undefined)
        throw new RangeError(`Replica ${logged.replica} is like ${said.replica}, which is not there.`)
      return new Vote(logged, same.ballot, same.output)
    }
  }
}

function judge(task: TaskState, votes: readonly Vote[], policy: Policy): TaskState {
  const outputs = outputsOf(votes, policy)
  const judgement = judgeByCredibility(votes, policy, outputs)
  if (judgement.state === 'pending')
    return {
      votes,
      standings: [...task.standings, 'waiting'],
      judgement: pending,
      judgedAt: undefined,
      isContested: false,
    }
  const judgedAt = votes.at(-1)?.report.returnedAt
  return { votes, standings: standingsOf(votes, judgement, policy, outputs), judgement, judgedAt, isContested: false }
}

/** What a probe says of an accepted task. Verdicts of before stand until they are overturned. */
function foldReview(task: TaskState, policy: Policy): TaskState {
  const { votes, judgement } = task
  if (judgement.state !== 'accepted') return task
  const outputs = outputsOf(votes, policy)
  const review = reviewAccepted(votes, judgement.digest, policy, outputs)
  switch (review.kind) {
    case 'upheld':
      return { ...task, isContested: false, standings: standingsOf(votes, judgement, policy, outputs) }
    case 'overturned': {
      const overturned: Judgement = { state: 'accepted', digest: review.digest }
      const standings = standingsOf(votes, overturned, policy, outputs)
      return { ...task, judgement: overturned, isContested: false, standings }
    }
    case 'contested':
      return { ...task, isContested: true }
    case 'unclear': {
      const standings = task.standings.map(standing => (standing === 'waiting' ? 'unpaid' : standing))
      return { ...task, isContested: false, standings }
    }
  }
}

/** Outputs by their digest, where the policy compares them with a tolerance. */
export function outputsOf(votes: readonly Vote[], { compare }: Policy): Outputs | undefined {
  if (compare.kind === 'exact') return undefined
  const outputs = new Map<string, Uint8Array>()
  for (const { ballot, output } of votes)
    if (ballot.kind === 'output' && output !== undefined) outputs.set(ballot.digest, output)
  return outputs
}

const standingsOf = (
  votes: readonly Vote[],
  judgement: Judgement,
  { compare }: Policy,
  outputs: Outputs | undefined,
): Standing[] =>
  votes.map(({ ballot }) => {
    if (judgement.state !== 'accepted') return 'unpaid'
    return saysAccepted(ballot, judgement.digest, compare, outputs) ? 'accepted' : 'rejected'
  })

/** The replica that is to be handed out next. */
export function nextReplica({ votes }: { readonly votes: readonly { readonly replica: number }[] }): number {
  let next = 0
  for (const { replica } of votes) next = Math.max(next, replica + 1)
  return next
}

/** Whether a task that nobody computes wants another replica: one at a time, so that no cheat can know its partner. */
export const wantsReplica = ({ judgement, isContested }: TaskState): boolean =>
  judgement.state === 'pending' || isContested

/** Whether another replica of this task could be a probe. */
export const mayProbe = ({ judgement, isContested, votes }: TaskState, { maxReplicas }: Policy): boolean =>
  judgement.state === 'accepted' && !isContested && votes.length < maxReplicas

/** Whether this party may compute the next replica of what these have returned: never twice one account, device or network. */
export function mayCompute(votes: readonly { readonly report: Party }[], party: Party): boolean {
  for (const { report } of votes)
    if (
      report.accountId === party.accountId ||
      report.deviceId === party.deviceId ||
      (report.network !== 0n && report.network === party.network)
    )
      return false
  return true
}
