import { defaultPolicy } from '../../protocol/jobs.ts'
import { mayLeaseFrom } from '../../server/domain/back-off.ts'
import { credibilityOf, foldCheck, isEstablished, newRecord } from '../../server/domain/credibility.ts'
import { foldEstablishedShare, isFitPartner } from '../../server/domain/fit-partner.ts'
import { saysAccepted, type WeighedBallot } from '../../server/domain/group-ballots.ts'
import type { Judgement } from '../../server/domain/judge.ts'
import { judgeByCredibility } from '../../server/domain/judge-by-credibility.ts'
import { drawsProbe, isProbeTask, reviewAccepted } from '../../server/domain/probe.ts'
import { RandomSet } from '../../server/domain/random-set.ts'
import {
  mayRegister,
  type Registration,
  registrationState,
  registrationsSince,
} from '../../server/domain/registration-limit.ts'
import { mayCompute, nextReplica, type Party } from '../../server/domain/task.ts'
import { forfeited, vestsAt } from '../../server/domain/vesting.ts'
import { type Counts, emptyCounts } from './counts.ts'
import { right } from './devices.ts'
import { createRandom, hash32 } from './random.ts'
import { type Account, createFleet, type Device, shuffle, sumGains, turnMs } from './simulated-fleet.ts'

export interface Order {
  readonly scenario: string
  /** Of the fleet, those that are not honest. */
  readonly share: number
  readonly seed: number
  readonly tasks: number
  readonly devices: number
}

/** Where some task never finds a partner, the run ends, and the rest counts as disputed. */
const mostTurns = 100_000
const microCredits = 1_000_000n
/** Accepted tasks of late that may serve as probes. */
const probesKept = 256
/** As a chunk does. */
const tries = 16

interface CastVote extends WeighedBallot {
  readonly report: Party
  readonly replica: number
  readonly account: Account
  readonly isHonest: boolean
  /** What it came to for its account. */
  outcome: 'open' | 'passed' | 'failed'
}

interface SimulatedTask {
  readonly index: number
  readonly votes: CastVote[]
  judgement: Judgement
}

/**
 * Runs a fleet on one job, by turns of ten minutes: in each, every device in random order returns what it holds and is
 * given its next lease. All decisions are those of `server/domain`; this carries answers between them.
 */
export function simulate(order: Order): Counts {
  const { seed, tasks: taskCount } = order
  const random = createRandom(seed)
  const policy = defaultPolicy
  const counts = emptyCounts(taskCount)
  /** Tasks that wait for another account's opinion, by index. */
  const awaiting = new RandomSet(taskCount)
  const open = new Map<number, SimulatedTask>()
  const probes: SimulatedTask[] = []
  let fresh = 0
  let unjudged = taskCount
  let now = 0
  let nextId = 1n
  let establishedShare = 0

  function openAccount(network: bigint): Account {
    const id = nextId++
    const party = { deviceId: id, accountId: id, network }
    return { party, record: newRecord, results: 0, earnings: [], kept: 0, wasCaught: false }
  }

  function check(vote: CastVote, kind: 'passed' | 'failed'): void {
    const { account } = vote
    if (vote.outcome === kind) return
    vote.outcome = kind
    account.record = foldCheck(account.record, { kind, at: now })
    if (kind === 'passed') {
      account.kept++
      account.earnings.push({ microCredits, vestsAt: vestsAt(now, false) })
      return
    }
    if (vote.isHonest && vote.ballot === right) counts.honestRefused++
    account.wasCaught = true
    account.kept -= Number(forfeited(account.earnings, now) / microCredits)
    account.earnings = []
  }

  function checkAll({ votes }: SimulatedTask, digest: string): void {
    for (const vote of votes) check(vote, saysAccepted(vote.ballot, digest, policy.compare) ? 'passed' : 'failed')
  }

  const isWrong = (digest: string) => !saysAccepted(right, digest, policy.compare)

  function returned(task: SimulatedTask): void {
    if (task.judgement.state === 'accepted') review(task, task.judgement.digest)
    else settle(task, judgeByCredibility(task.votes, policy))
  }

  function settle(task: SimulatedTask, judgement: Judgement): void {
    task.judgement = judgement
    if (judgement.state === 'pending') {
      awaiting.add(task.index)
      return
    }
    unjudged--
    open.delete(task.index)
    if (judgement.state !== 'accepted') {
      counts.disputed++
      counts.honestUnpaid += task.votes.filter(({ isHonest }) => isHonest).length
      return
    }
    if (isWrong(judgement.digest)) counts.wrong++
    checkAll(task, judgement.digest)
    if (isProbeTask(hash32(seed, task.index))) probes.push(task)
    if (probes.length > probesKept) probes.shift()
  }

  /** An accepted task on which a probe has come back. */
  function review(task: SimulatedTask, digest: string): void {
    const outcome = reviewAccepted(task.votes, digest, policy)
    if (outcome.kind === 'contested') {
      open.set(task.index, task)
      awaiting.add(task.index)
      return
    }
    open.delete(task.index)
    if (outcome.kind === 'upheld') checkAll(task, digest)
    if (outcome.kind === 'overturned') {
      if (isWrong(digest)) counts.overturned++
      else counts.overturnedRight++
      task.judgement = { state: 'accepted', digest: outcome.digest }
      checkAll(task, outcome.digest)
    }
  }

  /** Whether the party may have the task's next replica. Probes go by the same separation as all others. */
  const fits = (task: SimulatedTask, { party, record }: Account, isLast: boolean) =>
    mayCompute(task.votes, party) &&
    (isLast || isFitPartner(task.votes, { credibility: credibilityOf(record), establishedShare }))

  function leaseProbe(account: Account): SimulatedTask | undefined {
    for (let attempt = 0; attempt < Math.min(tries, probes.length); attempt++) {
      const task = probes[Math.floor(random() * probes.length)] as SimulatedTask
      if (open.has(task.index) || task.votes.length >= policy.maxReplicas || !fits(task, account, true)) continue
      open.set(task.index, task)
      counts.probes++
      return task
    }
    return undefined
  }

  function leaseReplica(account: Account, isLast: boolean): SimulatedTask | undefined {
    for (let attempt = 0; attempt < Math.min(tries, awaiting.size); attempt++) {
      const task = open.get(awaiting.at(random()) as number) as SimulatedTask
      if (!fits(task, account, isLast)) continue
      awaiting.delete(task.index)
      return task
    }
    return undefined
  }

  function leaseFresh(): SimulatedTask | undefined {
    if (fresh >= taskCount) return undefined
    const task: SimulatedTask = { index: fresh++, votes: [], judgement: { state: 'pending' } }
    open.set(task.index, task)
    return task
  }

  function lease(account: Account): SimulatedTask | undefined {
    if (mayLeaseFrom(account.record) > now) return undefined
    establishedShare = foldEstablishedShare(establishedShare, isEstablished(account.record))
    const probe = drawsProbe(random()) ? leaseProbe(account) : undefined
    return probe ?? leaseReplica(account, false) ?? leaseFresh() ?? leaseReplica(account, true)
  }

  function compute(device: Device, task: SimulatedTask): void {
    const { account, isHonest, strategy } = device
    const { ballot, computed } = strategy.answer({ task: task.index, results: account.results, random })
    account.results++
    if (computed) device.computed++
    counts.executions++
    if (isHonest) counts.honestResults++
    const credibility = credibilityOf(account.record)
    const replica = nextReplica(task)
    task.votes.push({ report: account.party, replica, ballot, credibility, account, isHonest, outcome: 'open' })
    returned(task)
  }

  /** Registers a new account in place of one that was caught, if the network still may. */
  function rejoin(device: Device): void {
    device.registrations = device.registrations.filter(({ at }) => at > registrationsSince(now))
    const registrations = device.registrations.map(
      ({ at, account }): Registration => ({ at, state: registrationState(account.record) }),
    )
    if (mayRegister(registrations, now).kind === 'refused') return
    device.keptBefore += device.account.kept
    device.account = openAccount(device.network)
    device.registrations.push({ at: now, account: device.account })
  }

  const devices = createFleet({ ...order, openAccount, random })
  for (let turn = 0; unjudged > 0 && turn < mostTurns; turn++) {
    now = turn * turnMs
    shuffle(devices, random)
    for (const device of devices) {
      if (device.joinsAt > turn) continue
      if (device.holds !== undefined) compute(device, open.get(device.holds) as SimulatedTask)
      if (device.strategy.rejoins && device.account.wasCaught) rejoin(device)
      device.holds = lease(device.account)?.index
    }
  }
  counts.disputed += unjudged
  return { ...counts, ...sumGains(devices, now / turnMs) }
}
