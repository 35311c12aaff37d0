import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defaultPolicy, type Policy } from '../../protocol/jobs.ts'
import { established, failed, loggedVote, output, party, same } from '../testing/votes.ts'
import { Chunk, type TaskLeased } from './chunk.ts'
import { OpenLeases } from './open-leases.ts'
import type { LoggedVote } from './task.ts'

const leaseTime = 20
const offsets = [0, 1, 2, 3]
const devices = 14
const createChunk = (policy: Policy, openLeases = new OpenLeases()) =>
  new Chunk({ lo: 100n, hi: 104n, policy, openLeases, isProbeTask: offset => offset !== 1 })

const step = fc.record({
  act: fc.constantFrom('fresh', 'fit', 'replica', 'probe', 'return', 'return', 'return', 'stray', 'release', 'expire'),
  device: fc.integer({ min: 1, max: devices }),
  chance: fc.double({ min: 0, max: 0.999, noNaN: true }),
  /** Mostly what the others say; in the second half of a story that is something else, so that verdicts are overturned. */
  value: fc.constantFrom('usual', 'usual', 'usual', 'usual', 'usual', 'usual', 1.05, 1.12, 3, 'trap'),
  isStale: fc.boolean(),
  credibility: fc.constantFrom(0.8, established, 0.9998, 0.9999),
})
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

const policies = fc.constantFrom<Policy>(
  defaultPolicy,
  { ...defaultPolicy, maxReplicas: 4 },
  {
    ...defaultPolicy,
    confidence: 0.95,
    compare: { kind: 'tolerance', elementType: 'float64', absolute: 0.1, relative: 0 },
  },
)

/** What a device returns, as a server would append it. */
function say(chunk: Chunk, offset: number, value: number | string): LoggedVote['said'] {
  if (typeof value === 'string') return failed(value)
  const said = output(new Uint8Array(new Float64Array([value]).buffer))
  const replica = said.kind === 'output' ? chunk.replicaOf(offset, said.digest) : undefined
  return replica === undefined ? said : same(replica)
}

/** Which leases a chunk must have, by offset. */
type Leases = Map<number, { readonly device: number; readonly replica: number; readonly expiresAt: number }>

/** Lets devices do what they like with a chunk, and checks each lease. */
function simulate(chunk: Chunk, steps: readonly Step[]): { log: LoggedVote[]; leases: Leases } {
  const log: LoggedVote[] = []
  const leases: Leases = new Map()
  /** What devices believe that they hold. */
  const held: (TaskLeased & { device: number })[] = []
  for (const [now, one] of steps.entries()) {
    const { act, device, chance, isStale, credibility } = one
    const value = one.value === 'usual' ? (now < steps.length / 2 ? 1 : 3) : one.value
    // The last two devices share a network.
    const who = { ...party(device, Math.min(device, devices - 1)), credibility, establishedShare: chance }
    const random = () => chance
    const ask = {
      fresh: () => chunk.leaseFresh(who, now + leaseTime, random),
      fit: () => chunk.leaseReplica(who, now + leaseTime, random, true),
      replica: () => chunk.leaseReplica(who, now + leaseTime, random, false),
      probe: () => chunk.leaseProbe(who, now + leaseTime, random),
    }
    const own = held.findIndex(lease => lease.device === device)
    if (act === 'fresh' || act === 'fit' || act === 'replica' || act === 'probe') {
      const before = offsets.map(offset => chunk.task(offset))
      const leased = ask[act]()
      if (leased === undefined) continue
      const { votes, judgement } = before[leased.offset] as (typeof before)[number]
      expect(leases.has(leased.offset)).toBe(false)
      leases.set(leased.offset, { device, replica: leased.replica, expiresAt: now + leaseTime })
      const isOwn = ({ report }: (typeof votes)[number]) =>
        report.accountId === who.accountId || report.network === who.network
      expect(votes.some(isOwn)).toBe(false)
      expect(votes.every(({ replica }) => replica < leased.replica)).toBe(true)
      expect(judgement.state === 'accepted' || judgement.state === 'pending').toBe(true)
      held.push({ ...leased, device })
    } else if (act === 'return' || act === 'stray') {
      // Also what was given back, has expired, or this server never handed out.
      const stray = { offset: now % 4, replica: isStale ? 0 : now % 9 }
      const { offset, replica } = act === 'stray' ? stray : (held[own] ?? stray)
      const { network } = who
      const rest = { offset, replica, network, credibility, returnedAt: now }
      const vote = loggedVote(device, say(chunk, offset, value), rest)
      log.push(vote)
      const folded = chunk.fold(vote)
      const lease = leases.get(offset)
      if (folded.after !== folded.before && lease !== undefined && lease.replica <= replica) leases.delete(offset)
    } else if (act === 'release' && own !== -1) {
      const { offset } = held[own] as TaskLeased
      const isHolder = leases.get(offset)?.device === device
      expect(chunk.release(offset, BigInt(device))).toBe(isHolder)
      if (isHolder) leases.delete(offset)
    } else if (act === 'expire') {
      const ended = [...leases].filter(([, { expiresAt }]) => expiresAt <= now)
      expect(chunk.expire(now)).toBe(ended.length)
      for (const [offset] of ended) leases.delete(offset)
    }
    if ((act === 'return' || act === 'release') && own !== -1) held.splice(own, 1)
  }
  return { log, leases }
}

/** What accounts did, by counting the standings of all tasks. */
function recount(chunk: Chunk) {
  const places = offsets.flatMap(offset => {
    const { votes, standings } = chunk.task(offset)
    return votes.map(({ report }, place) => ({ accountId: report.accountId, standing: standings[place] }))
  })
  const count = (all: typeof places, wanted: string) => all.filter(({ standing }) => standing === wanted).length
  return new Map(
    [...Map.groupBy(places, ({ accountId }) => accountId)].map(([accountId, all]) => [
      accountId,
      {
        returned: all.length,
        accepted: count(all, 'accepted'),
        rejected: count(all, 'rejected'),
        unpaid: count(all, 'unpaid'),
      },
    ]),
  )
}

const anySteps = fc.array(step, { minLength: 10, maxLength: 250, size: 'max' })

describe('a chunk among devices that do whatever they like', () => {
  test('default: it is what its log says', () => {
    fc.assert(
      fc.property(anySteps, policies, (steps, policy) => {
        const chunk = createChunk(policy)
        const { log } = simulate(chunk, steps)
        const again = createChunk(policy)
        for (const vote of log) again.fold(vote)
        for (const offset of offsets) {
          const { judgement, standings, judgedAt, isContested } = chunk.task(offset)
          expect(again.task(offset)).toMatchObject({ judgement, standings, judgedAt, isContested })
        }
        expect(again.counts).toEqual(chunk.counts)
        expect(again.contributions).toEqual(chunk.contributions)
      }),
      { numRuns: 300 },
    )
  })

  test('behavior: counts and contributions are those of its tasks, also where a verdict was overturned', () => {
    fc.assert(
      fc.property(anySteps, policies, (steps, policy) => {
        const chunk = createChunk(policy)
        simulate(chunk, steps)
        const contributions = [...chunk.contributions]
        expect(new Map(contributions.map(([accountId, { changedAt: _, ...counts }]) => [accountId, counts]))).toEqual(
          recount(chunk),
        )
        const states = offsets.map(offset => chunk.task(offset).judgement.state)
        for (const state of ['accepted', 'disputed', 'failed'] as const)
          expect(chunk.counts[state]).toBe(states.filter(other => other === state).length)
      }),
      { numRuns: 300 },
    )
  })

  test('behavior: its leases are counted, and it is final when nothing more can come', () => {
    fc.assert(
      fc.property(anySteps, policies, (steps, policy) => {
        const openLeases = new OpenLeases()
        const chunk = createChunk(policy, openLeases)
        const { leases } = simulate(chunk, steps)
        expect(chunk.leased).toBe(leases.size)
        const held = [...leases.values()]
        for (let id = 1; id <= devices; id++)
          expect(openLeases.of(BigInt(id))).toBe(held.filter(({ device }) => device === id).length)
        const isDone = (offset: number) => {
          const { judgement, isContested } = chunk.task(offset)
          return judgement.state !== 'pending' && !isContested && !leases.has(offset)
        }
        expect(chunk.isFinal).toBe(offsets.every(isDone))
        const untouched = offsets.filter(offset => chunk.task(offset).votes.length === 0 && !leases.has(offset))
        expect(chunk.unstarted).toBe(untouched.length)
        chunk.close()
        for (let id = 1; id <= devices; id++) expect(openLeases.of(BigInt(id))).toBe(0)
      }),
      { numRuns: 300 },
    )
  })
})
