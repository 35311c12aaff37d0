import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { WorkRequest } from '../protocol/work.ts'
import { type ExchangeView, nextSpeed, planExchange, reportDelayMs, surplus, wantedWork } from './plan-exchange.ts'
import { leaseOf, tokenOf } from './testing/leases.ts'

/** Two lanes, each with a lease that runs and one that is ready, for long. */
const content: ExchangeView = {
  nowMs: 100_000,
  lanes: 2,
  idleLanes: 0,
  held: 4,
  heldCredit: 100,
  speed: 1,
  sentAtMs: 0,
  oldestResultMs: undefined,
  askAtMs: 0,
}

const anyView = fc.record({
  nowMs: fc.integer({ min: 0, max: 10_000 }),
  lanes: fc.integer({ min: 0, max: 256 }),
  idleLanes: fc.integer({ min: 0, max: 256 }),
  held: fc.integer({ min: 0, max: 600 }),
  heldCredit: fc.double({ min: 0, max: 1e6, noNaN: true }),
  speed: fc.option(fc.double({ min: 0.001, max: 1000, noNaN: true }), { nil: undefined }),
  sentAtMs: fc.integer({ min: 0, max: 10_000 }),
  oldestResultMs: fc.option(fc.integer({ min: 0, max: 10_000 }), { nil: undefined }),
  askAtMs: fc.integer({ min: 0, max: 10_000 }),
})

describe('planExchange', () => {
  test('default', () => {
    expect(planExchange(content)).toEqual({ kind: 'rest' })
    expect(planExchange({ ...content, idleLanes: 2, held: 0, heldCredit: 0 })).toEqual({
      kind: 'send',
      ask: { seconds: 24, lanes: 4 },
    })
  })

  test('behavior: asks for the next lease before the running one ends', () => {
    expect(planExchange({ ...content, held: 3 })).toEqual({ kind: 'send', ask: { seconds: 0, lanes: 1 } })
  })

  test('behavior: short tasks are held by the seconds', () => {
    const plan = planExchange({ ...content, held: 10, heldCredit: 2 })
    expect(plan).toEqual({ kind: 'send', ask: { seconds: 22, lanes: 0 } })
  })

  test('behavior: a device that does not know its speed asks for no seconds', () => {
    expect(wantedWork({ ...content, held: 0, heldCredit: 0, speed: undefined })).toEqual({ seconds: 0, lanes: 4 })
  })

  test('behavior: a result waits for company, but no longer than the delay', () => {
    const oldestResultMs = content.nowMs - 100
    expect(planExchange({ ...content, oldestResultMs })).toEqual({
      kind: 'wait',
      untilMs: oldestResultMs + reportDelayMs,
    })
    const due = { ...content, oldestResultMs: content.nowMs - reportDelayMs }
    expect(planExchange(due)).toEqual({ kind: 'send', ask: { seconds: 0, lanes: 0 } })
  })

  test('behavior: an idle lane waits for nobody', () => {
    const plan = planExchange({ ...content, idleLanes: 1, held: 1, oldestResultMs: content.nowMs })
    expect(plan.kind).toBe('send')
  })

  test('behavior: idle lanes and results that are due wait for the gap between two requests', () => {
    const hungry = {
      ...content,
      idleLanes: 2,
      held: 0,
      heldCredit: 0,
      oldestResultMs: 0,
      sentAtMs: content.nowMs - 100,
    }
    expect(planExchange(hungry)).toEqual({ kind: 'wait', untilMs: content.nowMs + 150 })
    expect(planExchange({ ...hungry, sentAtMs: content.nowMs - 250 }).kind).toBe('send')
  })

  test('behavior: a clock that was set back by an hour holds nothing up', () => {
    const due = { ...content, oldestResultMs: 0, sentAtMs: content.nowMs + 3_600_000 }
    expect(planExchange(due).kind).toBe('send')
  })

  test('behavior: a device that does not compute reports and asks for nothing', () => {
    const stopped = { ...content, lanes: 0, held: 0, heldCredit: 0 }
    expect(planExchange(stopped)).toEqual({ kind: 'rest' })
    const plan = planExchange({ ...stopped, oldestResultMs: 0 })
    expect(plan).toEqual({ kind: 'send', ask: { seconds: 0, lanes: 0 } })
  })

  test('behavior: never asks before the server said, never sits on results, never in a fast loop, never beyond bounds', () => {
    fc.assert(
      fc.property(anyView, view => {
        const plan = planExchange(view)
        const isTooSoon = view.nowMs >= view.sentAtMs && view.nowMs < view.sentAtMs + 250
        const isDue = view.oldestResultMs !== undefined && view.nowMs >= view.oldestResultMs + reportDelayMs
        if (isTooSoon) expect(plan.kind).not.toBe('send')
        else if (isDue) expect(plan.kind).toBe('send')
        if (view.oldestResultMs !== undefined) expect(plan.kind).not.toBe('rest')
        if (plan.kind === 'wait') expect(plan.untilMs).toBeGreaterThan(view.nowMs)
        if (plan.kind !== 'send') return
        const { ask } = plan
        if (view.nowMs < view.askAtMs) expect(ask).toEqual({ seconds: 0, lanes: 0 })
        expect(WorkRequest.safeParse({ requestId: crypto.randomUUID(), ...ask, finished: [] }).success).toBe(true)
      }),
    )
  })

  test('behavior: two batches are ready, no more, and less than one is never left alone', () => {
    fc.assert(
      fc.property(anyView, view => {
        fc.pre(view.lanes > 0)
        const speed = view.speed ?? 1
        const ask = wantedWork({ ...view, speed })
        const batch = 6 * view.lanes * speed
        const isContent = view.heldCredit / speed / view.lanes >= 6 && view.held >= 2 * view.lanes
        expect(ask === undefined).toBe(isContent)
        if (ask && ask.seconds > 0) expect(view.heldCredit + ask.seconds).toBeLessThanOrEqual(2 * batch * (1 + 1e-9))
      }),
    )
  })

  test('behavior: a lane without a lease and a server with work never rest', () => {
    fc.assert(
      fc.property(anyView, view => {
        fc.pre(view.lanes > 0 && view.idleLanes > 0 && view.held < view.lanes && view.nowMs >= view.askAtMs)
        fc.pre(view.nowMs >= view.sentAtMs + 250)
        expect(planExchange(view).kind).toBe('send')
      }),
    )
  })
})

describe('nextSpeed', () => {
  test('default', () => {
    expect(nextSpeed(undefined, 1, 0.5)).toBe(2)
    expect(nextSpeed(1, 2, 1)).toBeCloseTo(1.3)
    expect(nextSpeed(1, undefined, 1)).toBe(1)
  })
})

describe('surplus', () => {
  test('default', () => {
    const checkpoint = { bytes: new Uint8Array(), progress: 0.5, elapsedMs: 1 }
    const queued = [
      { lease: leaseOf(1), checkpoint },
      { lease: leaseOf(2) },
      { lease: leaseOf(3) },
      { lease: leaseOf(4) },
    ]
    expect(surplus(queued, 1)).toEqual([tokenOf(3), tokenOf(4)])
  })
})
