import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Chunk, type TaskLog } from './chunk.ts'
import { OpenLeases } from './open-leases.ts'
import type { Party, Vote } from './task.ts'

const policy = { minReplicas: 2, maxReplicas: 8 }
const hour = 3_600_000
const party = (id: number, network = 0): Party => ({
  deviceId: BigInt(id),
  accountId: BigInt(id),
  network: BigInt(network),
})
/** A result of the replica that is next for the account: 0 for account 1, 1 for account 2, and so on. */
const vote = (from: Party, digest = 'a', replica = Number(from.accountId) - 1): Vote => ({
  ...from,
  replica,
  ballot: { kind: 'output', digest },
})
const emptyChunk = (log: readonly TaskLog[] = []) =>
  new Chunk({ lo: 100n, hi: 104n, policy, openLeases: new OpenLeases(), log })
const first = () => 0

describe('Chunk', () => {
  test('default: two accounts, one after the other, accept a task', () => {
    const chunk = emptyChunk()
    const index = chunk.leaseFresh(party(1), hour, first)?.index as bigint
    expect(chunk.leaseReplica(party(2), hour, first)).toBeUndefined()
    expect(chunk.fold(index, vote(party(1)))).toEqual({ state: 'pending' })
    expect(chunk.leaseReplica(party(2), hour, first)).toEqual({ index, replica: 1 })
    expect(chunk.fold(index, vote(party(2)))).toEqual({ state: 'accepted', digest: 'a' })
  })

  test('behavior: no second replica for the same account', () => {
    const chunk = emptyChunk()
    chunk.fold(100n, vote(party(1)))
    expect(chunk.leaseReplica(party(1), hour, first)).toBeUndefined()
    expect(chunk.leaseReplica({ ...party(2), accountId: 1n }, hour, first)).toBeUndefined()
    expect(chunk.leaseReplica({ ...party(2), deviceId: 1n }, hour, first)).toBeUndefined()
  })

  test('behavior: no second replica for the same network, but loopback is none', () => {
    const chunk = emptyChunk()
    chunk.fold(100n, vote(party(1, 7)))
    expect(chunk.leaseReplica(party(2, 7), hour, first)).toBeUndefined()
    expect(chunk.leaseReplica(party(2, 8), hour, first)?.index).toBe(100n)
    chunk.fold(101n, vote(party(1)))
    expect(chunk.leaseReplica(party(3), hour, first)?.index).toBe(101n)
  })

  test('behavior: a lease given back is at once free for another', () => {
    const chunk = emptyChunk()
    const index = chunk.leaseFresh(party(1), hour, first)?.index as bigint
    chunk.release(index, 1n)
    expect(chunk.leaseFresh(party(2), hour, first)).toEqual({ index, replica: 0 })
  })

  test('behavior: of two that hold a lease of one replica, one has a vote', () => {
    const chunk = emptyChunk()
    const index = chunk.leaseFresh(party(1), hour, first)?.index as bigint
    chunk.release(index, 1n)
    const again = chunk.leaseFresh(party(2), hour, first)
    expect(again).toEqual({ index, replica: 0 })
    chunk.fold(index, vote(party(1), 'forged', 0))
    expect(chunk.fold(index, vote(party(2), 'forged', 0))).toEqual({ state: 'pending' })
  })

  test('behavior: an account has one ballot, however many replicas it returned', () => {
    const chunk = emptyChunk()
    chunk.fold(100n, vote(party(1), 'a', 0))
    expect(chunk.fold(100n, vote(party(1), 'a', 1))).toEqual({ state: 'pending' })
    expect(chunk.leaseReplica(party(2), hour, first)).toEqual({ index: 100n, replica: 2 })
  })

  test('behavior: only its holder gives a lease back', () => {
    const chunk = emptyChunk()
    const index = chunk.leaseFresh(party(1), hour, first)?.index as bigint
    chunk.release(index, 2n)
    expect(chunk.leaseFresh(party(2), hour, first)?.index).not.toBe(index)
  })

  test('behavior: an expired lease is free for another', () => {
    const chunk = emptyChunk()
    const index = chunk.leaseFresh(party(1), 1000, first)?.index as bigint
    expect(chunk.expire(999)).toBe(0)
    expect(chunk.expire(1000)).toBe(1)
    expect(chunk.leaseFresh(party(2), hour, first)).toEqual({ index, replica: 0 })
  })

  test('behavior: what was returned before a restart is not handed out as fresh', () => {
    const chunk = emptyChunk([{ index: 100n, votes: [vote(party(1))] }])
    expect(chunk.leaseFresh(party(2), hour, first)?.index).toBe(101n)
    expect(chunk.leaseReplica(party(2), hour, first)?.index).toBe(100n)
  })

  test('behavior: a recorded verdict stands', () => {
    const chunk = emptyChunk([
      { index: 100n, votes: [vote(party(1)), vote(party(2))], recorded: { state: 'disputed' } },
    ])
    expect(chunk.judgement(100n)).toEqual({ state: 'disputed' })
  })

  test('behavior: folding the log again gives the same judgements', () => {
    const event = fc.record({
      offset: fc.nat(3),
      account: fc.integer({ min: 1, max: 6 }),
      digest: fc.constantFrom('a', 'b'),
    })
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), events => {
        const live = emptyChunk()
        const log = new Map<bigint, Vote[]>()
        for (const { offset, account, digest } of events) {
          const index = 100n + BigInt(offset)
          live.fold(index, vote(party(account), digest))
          const votes = log.get(index) ?? []
          // As the log's key has it: each replica once.
          if (!votes.some(({ replica }) => replica === account - 1)) votes.push(vote(party(account), digest))
          log.set(index, votes)
        }
        const again = emptyChunk([...log].map(([index, votes]) => ({ index, votes })))
        for (let index = 100n; index < 104n; index++) expect(again.judgement(index)).toEqual(live.judgement(index))
        expect(again.isJudged).toBe(live.isJudged)
      }),
    )
  })

  test('behavior: whatever devices do, a task has one lease at a time and no account votes twice', () => {
    const step = fc.record({
      act: fc.constantFrom('fresh', 'replica', 'return', 'release', 'expire'),
      device: fc.integer({ min: 1, max: 5 }),
      chance: fc.double({ min: 0, max: 0.999, noNaN: true }),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), steps => {
        const chunk = emptyChunk()
        const held = new Map<bigint, { device: number; replica: number }>()
        const returned = new Map<bigint, Set<number>>()
        for (const { act, device, chance } of steps) {
          const own = [...held].find(([, lease]) => lease.device === device)
          if (act === 'fresh' || act === 'replica') {
            const leased =
              act === 'fresh'
                ? chunk.leaseFresh(party(device), hour, () => chance)
                : chunk.leaseReplica(party(device), hour, () => chance)
            if (leased === undefined) continue
            expect(held.has(leased.index)).toBe(false)
            expect(returned.get(leased.index)?.has(device) ?? false).toBe(false)
            expect(leased.replica).toBe(returned.get(leased.index)?.size ?? 0)
            held.set(leased.index, { device, replica: leased.replica })
          } else if (act === 'return' && own !== undefined) {
            const [index, { replica }] = own
            chunk.fold(index, vote(party(device), 'a', replica))
            held.delete(index)
            returned.set(index, (returned.get(index) ?? new Set()).add(device))
          } else if (act === 'release' && own !== undefined) {
            chunk.release(own[0], BigInt(device))
            held.delete(own[0])
          } else if (act === 'expire') {
            chunk.expire(hour)
            held.clear()
          }
        }
      }),
    )
  })

  test('behavior: what a device holds is counted, until it is returned, given back, expired, or the chunk is gone', () => {
    const openLeases = new OpenLeases()
    const chunk = new Chunk({ lo: 100n, hi: 104n, policy, openLeases, log: [] })
    const indexes = Array.from({ length: 4 }, () => chunk.leaseFresh(party(1), hour, first)?.index as bigint)
    expect(openLeases.of(1n)).toBe(4)
    chunk.fold(indexes[0] as bigint, vote(party(1)))
    chunk.release(indexes[1] as bigint, 1n)
    expect(openLeases.of(1n)).toBe(2)
    chunk.leaseFresh(party(2), hour, first)
    chunk.close()
    expect([openLeases.of(1n), openLeases.of(2n)]).toEqual([0, 0])
  })

  test('behavior: it is judged when all its tasks are', () => {
    const chunk = emptyChunk()
    for (let index = 100n; index < 104n; index++) {
      expect(chunk.isJudged).toBe(false)
      chunk.fold(index, vote(party(1)))
      chunk.fold(index, vote(party(2)))
    }
    expect(chunk.isJudged).toBe(true)
    expect(chunk.unstarted + chunk.awaiting).toBe(0)
  })
})
