import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { errorCodes, type Problem } from '../protocol/errors.ts'
import type { WorkRequest } from '../protocol/work.ts'
import { answerRefusal } from './answer-refusal.ts'
import { finishedOf, tokenOf } from './testing/leases.ts'

const problemOf = (code: Problem['code'], more: Partial<Problem> = {}): Problem => ({
  ...{ type: 'about:blank', title: code, status: 400, detail: code, code },
  ...more,
})
const requestOf = (...indexes: number[]): WorkRequest => ({
  ...{ requestId: crypto.randomUUID(), seconds: 10, lanes: 2 },
  finished: indexes.map(index => finishedOf(index)),
})

describe('answerRefusal', () => {
  test('default', () => {
    const lost = problemOf('LeaseLostError', { leases: [tokenOf(2)] })
    expect(answerRefusal(lost, requestOf(1, 2, 3), false)).toEqual({ kind: 'drop', leases: [tokenOf(2)] })
  })

  test('behavior: a token that is over is renewed, once', () => {
    const problem = problemOf('UnauthorizedError')
    expect(answerRefusal(problem, requestOf(1), false)).toEqual({ kind: 'renewSession' })
    expect(answerRefusal(problem, requestOf(1), true)).toEqual({ kind: 'backOff' })
  })

  test('behavior: an unnamed result at fault is found by sending fewer', () => {
    const problem = problemOf('OutputTooLargeError')
    expect(answerRefusal(problem, requestOf(1, 2), false)).toEqual({ kind: 'sendFewer' })
    expect(answerRefusal(problem, requestOf(1), false)).toEqual({ kind: 'drop', leases: [tokenOf(1)] })
  })

  test('behavior: an invalid request costs no result unless a result made it invalid', () => {
    const issue = (path: string) => problemOf('InvalidRequestError', { issues: [{ path, message: 'no' }] })
    expect(answerRefusal(issue('seconds'), requestOf(1), false)).toEqual({ kind: 'backOff' })
    expect(answerRefusal(issue('finished.0.outcome'), requestOf(1), false)).toEqual({
      kind: 'drop',
      leases: [tokenOf(1)],
    })
  })

  test('behavior: drops only what was sent, and nothing for a fault of the server', () => {
    const anyProblem = fc.record({ code: fc.constantFrom(...errorCodes), leases: fc.array(fc.nat(9).map(tokenOf)) })
    fc.assert(
      fc.property(anyProblem, fc.uniqueArray(fc.nat(9)), fc.boolean(), ({ code, leases }, indexes, hasRenewed) => {
        const request = requestOf(...indexes)
        const answer = answerRefusal(problemOf(code, { leases }), request, hasRenewed)
        const sent = request.finished.map(({ lease }) => lease)
        if (answer.kind === 'drop') expect(sent).toEqual(expect.arrayContaining([...answer.leases]))
        if (answer.kind === 'drop') expect(answer.leases.length).toBeGreaterThan(0)
        if (answer.kind === 'sendFewer') expect(sent.length).toBeGreaterThan(1)
        const isServers = ['InternalError', 'DatabaseUnavailableError', 'TooManyRequestsError'].includes(code)
        if (isServers) expect(answer).toEqual({ kind: 'backOff' })
      }),
    )
  })
})
