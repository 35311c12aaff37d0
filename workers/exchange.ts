import type { ApiClient } from '../protocol/client.ts'
import { RefusedError, UnreachableError } from '../protocol/errors.ts'
import { exchangeWork } from '../protocol/exchange-work.ts'
import type { LeaseToken } from '../protocol/ids.ts'
import type { Connection } from '../protocol/volunteer.ts'
import { type FinishedLease, type WorkRequest, type WorkResponse, workLimits } from '../protocol/work.ts'
import { answerRefusal, type RefusalAnswer } from './answer-refusal.ts'
import { packReport } from './pack-report.ts'
import { type Demand, planExchange } from './plan-exchange.ts'
import { retryDelayMs } from './retry-delay.ts'
import type { Session } from './session.ts'

export interface Unreported {
  readonly finished: FinishedLease
  readonly sinceMs: number
}

export interface ExchangePorts {
  readonly api: ApiClient
  readonly session: Session
  demand(): Demand
  /** Oldest first. */
  unreported(): readonly Unreported[]
  onAnswer(request: WorkRequest, response: WorkResponse): void
  /** The server will never take results for these. */
  onDropped(leases: readonly LeaseToken[]): void
  onConnection(connection: Connection): void
}

export interface Exchange {
  /** Something changed: plan again. */
  nudge(): void
  /** The network is back: a back-off under way ends now. */
  retryNow(): void
  close(): void
}

/**
 * The one conversation with the server: reports what is finished and asks for work, one request at a time. A request
 * whose answer was lost is sent again as it was, so that its results count once and its leases are not lost.
 */
export function createExchange({ api, session, ...ports }: ExchangePorts): Exchange {
  const closing = new AbortController()
  let outstanding: WorkRequest | undefined
  let isSending = false
  let timer: ReturnType<typeof setTimeout> | undefined
  let failures = 0
  let retryAtMs = 0
  let askAtMs = 0
  let sentAtMs = Number.NEGATIVE_INFINITY
  let resultsAtMost: number = workLimits.resultsPerRequest
  let hasRenewed = false

  function nextSend(nowMs: number): { atMs: number; request: () => WorkRequest } | undefined {
    const again = outstanding
    if (again) return { atMs: retryAtMs, request: () => again }
    const unreported = ports.unreported()
    const oldestResultMs = unreported[0]?.sinceMs
    const plan = planExchange({ ...ports.demand(), nowMs, sentAtMs, oldestResultMs, askAtMs })
    if (plan.kind === 'rest') return undefined
    const finished = unreported.map(one => one.finished)
    const ask = plan.kind === 'send' ? plan.ask : { seconds: 0, lanes: 0 }
    return {
      atMs: Math.max(retryAtMs, plan.kind === 'send' ? nowMs : plan.untilMs),
      request: () => ({ requestId: crypto.randomUUID(), ...ask, finished: [...packReport(finished, resultsAtMost)] }),
    }
  }

  function nudge(): void {
    if (isSending || closing.signal.aborted) return
    clearTimeout(timer)
    const nowMs = Date.now()
    const next = nextSend(nowMs)
    if (!next) return
    if (next.atMs > nowMs) timer = setTimeout(nudge, next.atMs - nowMs)
    else void send(next.request())
  }

  async function send(request: WorkRequest): Promise<void> {
    isSending = true
    sentAtMs = Date.now()
    outstanding = request
    let token: string | undefined
    try {
      token = (await session.open()).token
      const response = await exchangeWork(api, request, { token, signal: closing.signal })
      succeed(request, response)
    } catch (error) {
      if (closing.signal.aborted) return
      if (error instanceof RefusedError) refuse(error, request, token)
      else {
        backOff()
        if (!(error instanceof UnreachableError)) throw error
      }
    } finally {
      isSending = false
      nudge()
    }
  }

  function succeed(request: WorkRequest, response: WorkResponse): void {
    outstanding = undefined
    failures = 0
    retryAtMs = 0
    hasRenewed = false
    resultsAtMost = workLimits.resultsPerRequest
    if (request.seconds > 0 || request.lanes > 0) {
      const isShort = response.leases.length < Math.max(1, request.lanes)
      const waitMs = isShort ? response.retryAfterSeconds * 1000 * (1 + Math.random() / 4) : 0
      askAtMs = Date.now() + waitMs
    }
    ports.onConnection({ kind: 'online' })
    ports.onAnswer(request, response)
  }

  /** @param token undefined where the session itself was refused */
  function refuse(error: RefusedError, request: WorkRequest, token: string | undefined): void {
    const answer: RefusalAnswer =
      token === undefined ? { kind: 'backOff' } : answerRefusal(error.problem, request, hasRenewed)
    switch (answer.kind) {
      case 'renewSession':
        session.discard(token ?? '')
        hasRenewed = true
        return
      case 'drop':
        outstanding = undefined
        ports.onDropped(answer.leases)
        return
      case 'sendFewer':
        outstanding = undefined
        resultsAtMost = Math.max(1, Math.floor(request.finished.length / 2))
        return
      case 'backOff':
        hasRenewed = false
        backOff(error)
    }
  }

  function backOff(error?: RefusedError): void {
    retryAtMs = Date.now() + retryDelayMs(failures++, Math.random(), error?.retryAfterSeconds)
    ports.onConnection(
      error ? { kind: 'refused', problem: error.problem, retryAt: retryAtMs } : { kind: 'offline', retryAt: retryAtMs },
    )
  }

  return {
    nudge,
    retryNow() {
      retryAtMs = 0
      nudge()
    },
    close() {
      clearTimeout(timer)
      closing.abort()
    },
  }
}
