import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defaultPolicy, Policy } from '../../protocol/jobs.ts'
import { digestOf, established, failed, loggedVote, output, party, same } from '../testing/votes.ts'
import { foldTask } from './fold-log.ts'
import { foldVote, freshTask, type LoggedVote, mayCompute, mayProbe, nextReplica, wantsReplica } from './task.ts'

const newcomer = 0.8
/** With such a record two settle a quarrel. */
const trusted = 0.9998
const fold = (...votes: LoggedVote[]) => foldTask(votes, defaultPolicy)
const says = (account: number, said: string, credibility = established) => loggedVote(account, said, { credibility })
const agreed = [says(1, 'a'), says(2, 'a')]
const overturning = [3, 4, 5, 6].map(account => says(account, 'b', trusted))

const tolerance = Policy.parse({ compare: { kind: 'tolerance', elementType: 'float64', absolute: 0.1, relative: 0 } })
const number = (value: number) => output(new Uint8Array(new Float64Array([value]).buffer))

const anyVote = fc
  .record({
    account: fc.integer({ min: 1, max: 12 }),
    replica: fc.nat(12),
    said: fc.constantFrom(number(1), number(1.05), number(1.12), number(3), failed('trap'), failed('stalled')),
    credibility: fc.constantFrom(newcomer, 0.98, established, trusted, 0.9999),
    returnedAt: fc.nat(1000),
  })
  .map(({ account, said, ...rest }) => loggedVote(account, said, rest))
const anyLog = fc.array(anyVote, { maxLength: 16 })
const anyPolicy = fc.constantFrom(
  defaultPolicy,
  tolerance,
  { ...tolerance, maxReplicas: 12 },
  { ...defaultPolicy, maxReplicas: 3 },
  { ...defaultPolicy, confidence: 0.9 },
)

describe('foldVote', () => {
  test('default: two established accounts that agree are accepted, at the time of the second', () => {
    expect(fold(says(1, 'a'))).toMatchObject({ judgement: { state: 'pending' }, standings: ['waiting'] })
    expect(fold(...agreed)).toMatchObject({
      judgement: { state: 'accepted', digest: digestOf('a') },
      judgedAt: 1002,
      standings: ['accepted', 'accepted'],
      isContested: false,
    })
  })

  test('behavior: whoever says something else than what is accepted is rejected', () => {
    const task = fold(says(1, 'a', trusted), says(2, 'b', newcomer), says(3, 'a', trusted))
    expect(task.judgement).toEqual({ state: 'accepted', digest: digestOf('a') })
    expect(task.standings).toEqual(['accepted', 'rejected', 'accepted'])
  })

  test('behavior: where a task failed or is disputed nobody is paid, and nobody blamed, late ones included', () => {
    const trap = [loggedVote(1, failed('trap')), loggedVote(2, failed('trap'))]
    expect(fold(...trap)).toMatchObject({ judgement: { state: 'failed' }, standings: ['unpaid', 'unpaid'] })
    expect(fold(...trap, says(3, 'a'))).toMatchObject({ judgement: { state: 'failed', reason: 'trap' } })
    expect(fold(...trap, says(3, 'a')).standings).toEqual(['unpaid', 'unpaid', 'unpaid'])
    const split = Array.from({ length: 8 }, (_, at) => says(at + 1, at % 2 === 0 ? 'a' : 'b'))
    expect(fold(...split)).toMatchObject({ judgement: { state: 'disputed' }, standings: split.map(() => 'unpaid') })
  })

  test('behavior: a replica or an account that comes again changes nothing', () => {
    const task = fold(says(1, 'a'))
    for (const again of [loggedVote(2, 'b', { replica: 0 }), loggedVote(1, 'b', { replica: 5 })])
      expect(foldVote(task, again, defaultPolicy)).toBe(task)
  })

  test('behavior: votes keep no bytes where digests are compared, and else copies that are no part of a request', () => {
    const request = Buffer.from('small')
    const vote = loggedVote(1, { kind: 'output', digest: 'd', output: request })
    expect(foldVote(freshTask, vote, defaultPolicy).votes[0]?.output).toBeUndefined()
    const kept = foldVote(freshTask, vote, tolerance).votes[0]?.output
    request.fill(0)
    expect(kept).toEqual(new Uint8Array(Buffer.from('small')))
  })

  test('error: like a replica that is not there', () => {
    expect(() => foldVote(freshTask, loggedVote(2, same(0)), defaultPolicy)).toThrow(RangeError)
  })

  test('behavior: a probe that agrees is accepted at once', () => {
    expect(fold(...agreed, says(3, 'a', newcomer))).toMatchObject({
      standings: ['accepted', 'accepted', 'accepted'],
      isContested: false,
    })
  })

  test('behavior: a probe that does not agree waits, and the verdict stands meanwhile', () => {
    const task = fold(...agreed, says(3, 'b'))
    expect(task.standings).toEqual(['accepted', 'accepted', 'waiting'])
    expect(task.judgement).toEqual({ state: 'accepted', digest: digestOf('a') })
    expect([task.isContested, wantsReplica(task)]).toEqual([true, true])
  })

  test('behavior: upheld against a probe, the probe is rejected', () => {
    const task = fold(...agreed, says(3, 'b'), says(4, 'a'), says(5, 'a'))
    expect(task.standings).toEqual(['accepted', 'accepted', 'rejected', 'accepted', 'accepted'])
    expect([task.isContested, wantsReplica(task)]).toEqual([false, false])
  })

  test('behavior: overturned, those who were accepted are rejected, and the time of the verdict stays', () => {
    const task = fold(...agreed, ...overturning)
    expect(task.judgement).toEqual({ state: 'accepted', digest: digestOf('b') })
    expect(task.standings).toEqual(['rejected', 'rejected', 'accepted', 'accepted', 'accepted', 'accepted'])
    expect(task).toMatchObject({ isContested: false, judgedAt: 1002 })
  })

  test('behavior: where nothing is proven by maxReplicas, whoever was accepted stays so, and the rest is unpaid', () => {
    const others = [says(3, 'b'), says(4, 'a')]
    const task = foldTask([...agreed, ...others], { ...defaultPolicy, maxReplicas: 4 })
    expect(task.standings).toEqual(['accepted', 'accepted', 'unpaid', 'unpaid'])
    expect([task.isContested, wantsReplica(task)]).toEqual([false, false])
  })

  test('behavior: within a tolerance the near are accepted and the far rejected', () => {
    const votes = [number(1), number(3), number(1.05), number(1.02)].map((said, at) =>
      loggedVote(at + 1, said, { credibility: trusted }),
    )
    expect(foldTask(votes, tolerance).standings).toEqual(['accepted', 'rejected', 'accepted', 'accepted'])
  })

  test('behavior: nobody has two votes, no replica counts twice, and every vote has a standing', () => {
    fc.assert(
      fc.property(anyLog, anyPolicy, (log, policy) => {
        const { votes, standings } = foldTask(log, policy)
        expect(new Set(votes.map(({ report }) => report.accountId)).size).toBe(votes.length)
        expect(new Set(votes.map(({ replica }) => replica)).size).toBe(votes.length)
        expect(standings).toHaveLength(votes.length)
      }),
    )
  })

  test('behavior: a vote waits only while its task is pending or contested', () => {
    fc.assert(
      fc.property(anyLog, anyPolicy, (log, policy) => {
        const { judgement, isContested, standings } = foldTask(log, policy)
        if (standings.includes('waiting')) expect(judgement.state === 'pending' || isContested).toBe(true)
        if (judgement.state === 'pending') expect(standings.every(standing => standing === 'waiting')).toBe(true)
        if (isContested) expect(judgement.state).toBe('accepted')
      }),
    )
  })

  test('behavior: only who says what is accepted is accepted, and nobody who does is rejected', () => {
    fc.assert(
      fc.property(anyLog, log => {
        const { judgement, votes, standings } = foldTask(log, defaultPolicy)
        for (const [place, standing] of standings.entries()) {
          const ballot = votes[place]?.ballot
          const isSaid =
            judgement.state === 'accepted' && ballot?.kind === 'output' && ballot.digest === judgement.digest
          if (standing === 'accepted' || standing === 'rejected')
            expect(standing).toBe(isSaid ? 'accepted' : 'rejected')
        }
      }),
    )
  })

  test('behavior: a verdict is given once; only one accepted answer may take the place of another', () => {
    fc.assert(
      fc.property(anyLog, anyPolicy, (log, policy) => {
        let task = freshTask
        for (const vote of log) {
          const next = foldVote(task, vote, policy)
          if (task.judgement.state !== 'pending') {
            expect(next.judgement.state).toBe(task.judgement.state)
            expect(next.judgedAt).toBe(task.judgedAt)
            if (task.judgement.state !== 'accepted') expect(next.judgement).toBe(task.judgement)
          }
          task = next
        }
      }),
    )
  })

  test('behavior: what was in the log already may come again anywhere later', () => {
    fc.assert(
      fc.property(anyLog, anyPolicy, fc.nat(), fc.nat(), (log, policy, from, to) => {
        fc.pre(log.length > 0)
        const source = from % log.length
        const target = source + 1 + (to % (log.length - source))
        const repeated = log.toSpliced(target, 0, log[source] as LoggedVote)
        expect(foldTask(repeated, policy)).toEqual(foldTask(log, policy))
      }),
    )
  })

  test('behavior: to refer to an earlier replica is to repeat its bytes', () => {
    fc.assert(
      fc.property(anyLog, anyPolicy, (log, policy) => {
        const counted: LoggedVote[] = []
        const referring = log.map(vote => {
          const isTaken = counted.some(
            other => other.replica === vote.replica || other.report.accountId === vote.report.accountId,
          )
          if (isTaken) return vote
          counted.push(vote)
          const earlier = counted.find(({ said }) => said === vote.said)
          return earlier === vote || vote.said.kind !== 'output'
            ? vote
            : { ...vote, said: same(earlier?.replica ?? -1) }
        })
        expect(foldTask(referring, policy)).toEqual(foldTask(log, policy))
      }),
    )
  })
})

describe('mayCompute', () => {
  test('default: not for the same account, device or network; network 0 is none', () => {
    const votes = [{ report: party(1, 7) }]
    expect(mayCompute(votes, party(2, 8))).toBe(true)
    expect(mayCompute(votes, party(2, 0))).toBe(true)
    expect(mayCompute(votes, party(2, 7))).toBe(false)
    expect(mayCompute(votes, { ...party(2), accountId: 1n })).toBe(false)
    expect(mayCompute(votes, { ...party(2), deviceId: 1n })).toBe(false)
    expect(mayCompute([{ report: party(1) }], party(2))).toBe(true)
  })
})

describe('nextReplica', () => {
  test('default: after all that have come, gaps stay open', () => {
    expect(nextReplica(freshTask)).toBe(0)
    expect(nextReplica({ votes: [{ replica: 4 }, { replica: 1 }] })).toBe(5)
  })
})

describe('mayProbe', () => {
  test('default: accepted, not contested, and not asked too often', () => {
    expect(mayProbe(fold(...agreed), defaultPolicy)).toBe(true)
    expect(mayProbe(fold(...agreed), { ...defaultPolicy, maxReplicas: 2 })).toBe(false)
    expect(mayProbe(fold(...agreed, says(3, 'b')), defaultPolicy)).toBe(false)
    expect(mayProbe(fold(says(1, 'a')), defaultPolicy)).toBe(false)
  })
})
