import { describe, expect, test } from 'vitest'
import { defaultPolicy, type Policy } from '../../protocol/jobs.ts'
import { digestOf, established, failed, loggedVote, party } from '../testing/votes.ts'
import { type Asker, Chunk } from './chunk.ts'
import { OpenLeases } from './open-leases.ts'

const hour = 3_600_000
const first = () => 0
const asker = (id: number, network = 0): Asker => ({
  ...party(id, network),
  credibility: established,
  establishedShare: 0,
})

function createChunk(
  rest: { policy?: Policy; openLeases?: OpenLeases; isProbeTask?: (offset: number) => boolean } = {},
) {
  return new Chunk({
    lo: 100n,
    hi: 104n,
    policy: defaultPolicy,
    openLeases: new OpenLeases(),
    isProbeTask: () => true,
    ...rest,
  })
}

function accept(chunk: Chunk, offset: number): void {
  chunk.fold(loggedVote(1, 'a', { offset }))
  chunk.fold(loggedVote(2, 'a', { offset }))
}

describe('Chunk', () => {
  test('default: two accounts, one after the other, accept a task', () => {
    const chunk = createChunk()
    expect(chunk.leaseFresh(asker(1), hour, first)).toEqual({ offset: 0, replica: 0 })
    expect(chunk.leaseReplica(asker(2), hour, first, false)).toBeUndefined()
    expect(chunk.fold(loggedVote(1)).after.judgement).toEqual({ state: 'pending' })
    expect(chunk.leaseReplica(asker(2), hour, first, false)).toEqual({ offset: 0, replica: 1 })
    expect(chunk.fold(loggedVote(2)).after.judgement.state).toBe('accepted')
    expect(chunk.counts).toEqual({ accepted: 1, disputed: 0, failed: 0 })
  })

  test('behavior: no second replica for the same account, device or network; network 0 is none', () => {
    const chunk = createChunk()
    chunk.fold(loggedVote(1, 'a', { network: 7n }))
    const second = (who: Asker) => chunk.leaseReplica(who, hour, first, false)
    expect(second(asker(1))).toBeUndefined()
    expect(second({ ...asker(2), accountId: 1n })).toBeUndefined()
    expect(second({ ...asker(2), deviceId: 1n })).toBeUndefined()
    expect(second(asker(2, 7))).toBeUndefined()
    expect(second(asker(2, 8))).toEqual({ offset: 0, replica: 1 })
    chunk.fold(loggedVote(3, 'a', { offset: 1, replica: 0 }))
    expect(second(asker(4))).toEqual({ offset: 1, replica: 1 })
  })

  test('behavior: a second opinion may be asked of those alone who are fit for it', () => {
    const chunk = createChunk()
    chunk.fold(loggedVote(1, 'a', { credibility: 0.8 }))
    const newcomer = { ...asker(2), credibility: 0.8, establishedShare: 0.9 }
    expect(chunk.leaseReplica(newcomer, hour, first, true)).toBeUndefined()
    expect(chunk.leaseReplica({ ...asker(3), establishedShare: 0.9 }, hour, first, true)).toEqual({
      offset: 0,
      replica: 1,
    })
    chunk.release(0, 3n)
    expect(chunk.leaseReplica(newcomer, hour, first, false)).toEqual({ offset: 0, replica: 1 })
  })

  test('behavior: a probe is a replica of an accepted task that may serve as one, for somebody else', () => {
    const chunk = createChunk({ isProbeTask: offset => offset === 1 })
    accept(chunk, 0)
    expect(chunk.leaseProbe(asker(3), hour, first)).toBeUndefined()
    accept(chunk, 1)
    expect(chunk.leaseProbe(asker(1), hour, first)).toBeUndefined()
    expect(chunk.leaseProbe(asker(3), hour, first)).toEqual({ offset: 1, replica: 2 })
    expect(chunk.leaseProbe(asker(4), hour, first)).toBeUndefined()
  })

  test('behavior: a judged chunk hands out no more probes, and is final when the last has come back', () => {
    const chunk = createChunk()
    for (const offset of [0, 1, 2]) accept(chunk, offset)
    expect(chunk.leaseProbe(asker(3), hour, first)).toEqual({ offset: 0, replica: 2 })
    accept(chunk, 3)
    expect([chunk.isJudged, chunk.isFinal]).toEqual([true, false])
    expect(chunk.leaseProbe(asker(4), hour, first)).toBeUndefined()
    chunk.fold(loggedVote(3, 'a', { offset: 0 }))
    expect(chunk.isFinal).toBe(true)
  })

  test('behavior: a probe that does not agree keeps a judged chunk open until others have decided', () => {
    const chunk = createChunk()
    for (const offset of [0, 1, 2, 3]) accept(chunk, offset)
    chunk.fold(loggedVote(3, 'b'))
    expect([chunk.isJudged, chunk.isFinal, chunk.awaiting]).toEqual([true, false, 1])
    expect(chunk.leaseReplica(asker(4), hour, first, false)).toEqual({ offset: 0, replica: 3 })
    chunk.fold(loggedVote(4))
    chunk.fold(loggedVote(5))
    expect(chunk.isFinal).toBe(true)
    expect(chunk.counts.accepted).toBe(4)
    expect(chunk.contributions.get(3n)).toMatchObject({ returned: 1, accepted: 0, rejected: 1 })
  })

  test('behavior: an overturned verdict takes what was accepted back, and counts once', () => {
    const chunk = createChunk()
    accept(chunk, 0)
    expect(chunk.contributions.get(1n)).toMatchObject({ accepted: 1, rejected: 0 })
    for (const account of [3, 4, 5, 6]) chunk.fold(loggedVote(account, 'b', { credibility: 0.9998 }))
    expect(chunk.contributions.get(1n)).toMatchObject({ accepted: 0, rejected: 1 })
    expect(chunk.contributions.get(3n)).toMatchObject({ accepted: 1, rejected: 0 })
    expect(chunk.counts).toEqual({ accepted: 1, disputed: 0, failed: 0 })
  })

  test('behavior: it knows which replica of a task has come out how', () => {
    const chunk = createChunk()
    chunk.fold(loggedVote(1, 'a'))
    chunk.fold(loggedVote(2, 'b'))
    chunk.fold(loggedVote(3, failed('trap'), { offset: 1 }))
    expect(chunk.replicaOf(0, digestOf('b'))).toBe(1)
    expect(chunk.replicaOf(0, digestOf('c'))).toBeUndefined()
    expect(chunk.replicaOf(1, digestOf('a'))).toBeUndefined()
    expect(chunk.replicaOf(2, digestOf('a'))).toBeUndefined()
  })

  test('behavior: a lease ends with the vote of its replica, or of a later one, whoever returned it', () => {
    for (const [replica, leased] of [
      [3, 1],
      [5, 0],
      [6, 0],
    ] as const) {
      const chunk = createChunk()
      chunk.fold(loggedVote(1, 'a', { replica: 4 }))
      expect(chunk.leaseReplica(asker(2), hour, first, false)?.replica).toBe(5)
      chunk.fold(loggedVote(3, 'b', { replica }))
      expect(chunk.leased).toBe(leased)
    }
  })

  test('behavior: a probe is handed out only while the verdict stays hidden for as long as its lease', () => {
    const chunk = createChunk()
    accept(chunk, 0)
    expect(chunk.leaseProbe(asker(3), 1002 + 24 * hour, first)).toBeUndefined()
    expect(chunk.leaseProbe(asker(3), 1001 + 24 * hour, first)).toEqual({ offset: 0, replica: 2 })
  })

  test('behavior: a lease given back is at once free for another, of whom alone the next result ends it', () => {
    const chunk = createChunk()
    chunk.leaseFresh(asker(1), hour, first)
    expect(chunk.release(0, 2n)).toBe(false)
    expect(chunk.leaseFresh(asker(2), hour, first)?.offset).toBe(1)
    expect(chunk.release(0, 1n)).toBe(true)
    expect(chunk.release(0, 1n)).toBe(false)
    expect(chunk.leaseFresh(asker(2), hour, first)).toEqual({ offset: 0, replica: 0 })
  })

  test('behavior: of two that hold a lease of one replica, one has a vote', () => {
    const chunk = createChunk()
    chunk.leaseFresh(asker(1), hour, first)
    chunk.release(0, 1n)
    chunk.leaseFresh(asker(2), hour, first)
    chunk.fold(loggedVote(1, 'a', { replica: 0 }))
    const { before, after } = chunk.fold(loggedVote(2, 'a', { replica: 0 }))
    expect(after).toBe(before)
    expect(chunk.hasReplica(0, 0)).toBe(true)
    expect(chunk.contributions.has(2n)).toBe(false)
    expect(chunk.leased).toBe(0)
  })

  test('behavior: an expired lease is free for another', () => {
    const chunk = createChunk()
    chunk.leaseFresh(asker(1), 1000, first)
    chunk.leaseFresh(asker(1), 2000, first)
    expect(chunk.expire(999)).toBe(0)
    expect(chunk.expire(1000)).toBe(1)
    expect(chunk.expire(1000)).toBe(0)
    expect(chunk.leaseFresh(asker(2), hour, first)).toEqual({ offset: 0, replica: 0 })
  })

  test('behavior: what was returned before a restart is not handed out as fresh', () => {
    const chunk = createChunk()
    chunk.fold(loggedVote(1))
    expect(chunk.unstarted).toBe(3)
    expect(chunk.leaseFresh(asker(2), hour, first)?.offset).toBe(1)
    expect(chunk.leaseReplica(asker(2), hour, first, false)?.offset).toBe(0)
  })

  test('behavior: what a device holds is counted, until it is returned, given back, expired, or the chunk is gone', () => {
    const openLeases = new OpenLeases()
    const chunk = createChunk({ openLeases })
    for (const _ of [0, 1, 2, 3]) chunk.leaseFresh(asker(1), hour, first)
    expect(openLeases.of(1n)).toBe(4)
    chunk.fold(loggedVote(1))
    chunk.release(1, 1n)
    expect(openLeases.of(1n)).toBe(2)
    chunk.leaseFresh(asker(2), hour, first)
    chunk.close()
    expect([openLeases.of(1n), openLeases.of(2n)]).toEqual([0, 0])
  })

  test('behavior: what comes after it was closed is counted off nobody', () => {
    const openLeases = new OpenLeases()
    const chunk = createChunk({ openLeases })
    chunk.leaseFresh(asker(1), hour, first)
    chunk.leaseFresh(asker(1), hour, first)
    chunk.close()
    chunk.fold(loggedVote(1))
    chunk.expire(hour)
    chunk.release(1, 1n)
    chunk.close()
    expect(openLeases.of(1n)).toBe(0)
  })

  test('behavior: tasks that failed or are disputed are judged too', () => {
    const chunk = createChunk({ policy: { ...defaultPolicy, maxReplicas: 2 } })
    for (const account of [1, 2]) {
      chunk.fold(loggedVote(account, failed('trap')))
      chunk.fold(loggedVote(account, `${account}`, { offset: 1 }))
      chunk.fold(loggedVote(account, 'a', { offset: 2 }))
    }
    expect(chunk.counts).toEqual({ accepted: 1, disputed: 1, failed: 1 })
    expect(chunk.isJudged).toBe(false)
    accept(chunk, 3)
    expect(chunk.isFinal).toBe(true)
    expect(chunk.contributions.get(1n)).toMatchObject({ returned: 4, accepted: 2, rejected: 0, unpaid: 2 })
  })

  test('error: a vote like a replica that is not there', () => {
    expect(() => createChunk().fold(loggedVote(2, { kind: 'same', replica: 0 }))).toThrow(RangeError)
  })
})
