import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toBase64Url, toHex } from './bytes.ts'
import { MalformedBytesError } from './errors.ts'
import type { LeaseToken } from './ids.ts'
import { leaseToken, parseLeaseToken } from './lease-token.ts'
import { isPrintable, type LeaseOutcome, WorkRequest, WorkResponse, workLimits } from './work.ts'
import {
  decodeWorkRequest,
  decodeWorkResponse,
  encodeWorkRequest,
  encodeWorkResponse,
  type GrantedWork,
  type ReceivedWorkRequest,
} from './work-codec.ts'

const bytes = (minLength: number, maxLength = minLength) => fc.uint8Array({ minLength, maxLength })
const grant = bytes(workLimits.grantBytes.least, 120)

const outcome = fc.oneof(
  bytes(0, 100).map((output): LeaseOutcome => ({ kind: 'output', output: toBase64Url(output) })),
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 100 })
    .filter(isPrintable)
    .map((reason): LeaseOutcome => ({ kind: 'failed', reason })),
)

/** Few grants, so that many results share one. */
const request: fc.Arbitrary<WorkRequest> = fc
  .array(grant, { minLength: 1, maxLength: 4 })
  .chain(grants =>
    fc.record({
      requestId: fc.uuid(),
      seconds: fc.double({ min: 0, max: workLimits.secondsPerRequest, noNaN: true }),
      lanes: fc.nat(workLimits.leasesPerRequest),
      finished: fc.array(
        fc.record({
          lease: fc.tuple(fc.constantFrom(...grants), fc.nat(63)).map(([grant, place]) => leaseToken(grant, place)),
          elapsedMs: fc.nat(workLimits.elapsedMs),
          outcome,
        }),
        { maxLength: workLimits.resultsPerRequest },
      ),
    }),
  )
  // There is no 0 below 0 for a person or a schema.
  .map(request => ({ ...request, seconds: request.seconds + 0 }))

const index = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n })
const count = fc.nat(2 ** 31 - 1)
const response: fc.Arbitrary<GrantedWork> = fc
  .array(
    fc.record({
      jobId: index,
      kernelId: fc.string({ unit: 'grapheme', maxLength: 30 }),
      kernelDigest: bytes(32),
      credit: fc.double({ min: 0, max: 1e9, noNaN: true }),
      memoryCapBytes: fc.nat(2 ** 40),
      outputCapBytes: count,
    }),
    { minLength: 1, maxLength: 5 },
  )
  .chain(jobs =>
    fc.record({
      stored: fc.nat(workLimits.resultsPerRequest),
      retryAfterSeconds: fc.double({ min: 0, max: 1e6, noNaN: true }),
      expiresAt: fc.nat(4_000_000_000).map(seconds => seconds * 1000 + 7),
      grant,
      jobs: fc.constant(jobs),
      leases: fc.array(fc.record({ job: fc.nat(jobs.length - 1), index, input: bytes(0, 100) }), { maxLength: 64 }),
    }),
  )

/** What the server received, in the words of the device. */
const told = ({ finished, ...rest }: ReceivedWorkRequest): WorkRequest => ({
  ...rest,
  finished: finished.map(({ grant, place, elapsedMs, outcome }) => ({
    lease: leaseToken(grant, place),
    elapsedMs,
    outcome: outcome.kind === 'failed' ? outcome : { kind: 'output', output: toBase64Url(outcome.output) },
  })),
})

/** Results of one grant come together; in it they keep their order. */
function byGrant({ finished, ...rest }: WorkRequest): WorkRequest {
  const grants = Map.groupBy(finished, ({ lease }) => lease.slice(0, lease.lastIndexOf('.')))
  return { ...rest, finished: [...grants.values()].flat() }
}

const within = (inner: Uint8Array, outer: Uint8Array) =>
  inner.buffer === outer.buffer &&
  inner.byteOffset >= outer.byteOffset &&
  inner.byteOffset + inner.length <= outer.byteOffset + outer.length

/** Bytes with some of them changed, cut off, or added. */
const damaged = (whole: fc.Arbitrary<Uint8Array>) =>
  fc
    .tuple(whole, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }), fc.nat(), fc.boolean(), bytes(0, 4))
    .map(([whole, changes, length, isCut, tail]) => {
      const body = Uint8Array.from(isCut ? whole.subarray(0, length % (whole.length + 1)) : [...whole, ...tail])
      for (const [at, byte] of body.length === 0 ? [] : changes) body[at % body.length] = byte
      return body
    })

/** Either a value, or the one error there is. */
function attempt<T>(decode: () => T): T | undefined {
  try {
    return decode()
  } catch (error) {
    if (error instanceof MalformedBytesError) return undefined
    throw error
  }
}

const grantOf = (length: number) => new Uint8Array(length).fill(7)
const requestOf = (...leases: readonly LeaseToken[]): WorkRequest => ({
  requestId: '5f0c3f0e-5d5c-4d8a-8a43-0f7b2a9b6a11',
  seconds: 1.5,
  lanes: 3,
  finished: leases.map(lease => ({ lease, elapsedMs: 258, outcome: { kind: 'output', output: 'AQID' } })),
})

describe('work requests as bytes', () => {
  test('default: the layout that is published', () => {
    const body = encodeWorkRequest(requestOf(leaseToken(grantOf(16), 2)))
    const fields = ['01', '5f0c3f0e5d5c4d8a8a430f7b2a9b6a11', '3ff8000000000000', '03', '01', '0010']
    const result = ['01', '02', '00', '00000102', '00000003', '010203']
    expect(toHex(body)).toBe([...fields, '07'.repeat(16), ...result].join(''))
  })

  test('behavior: what a device says is what the server reads', () => {
    fc.assert(
      fc.property(request, request => {
        expect(told(decodeWorkRequest(encodeWorkRequest(request)))).toEqual(byGrant(request))
      }),
    )
  })

  test('behavior: 64 results of one grant carry it once, and nothing of the body is copied', () => {
    const grant = grantOf(1120)
    const request = requestOf(...Array.from({ length: 64 }, (_, place) => leaseToken(grant, place)))
    const body = Buffer.from(encodeWorkRequest(request))
    expect(body.length).toBe(27 + 3 + 1120 + 64 * 13)
    const { finished } = decodeWorkRequest(body)
    expect(new Set(finished.map(({ grant }) => grant)).size).toBe(1)
    for (const { grant, outcome } of finished) {
      expect(within(grant, body)).toBe(true)
      expect(outcome.kind === 'output' && within(outcome.output, body)).toBe(true)
    }
  })

  test('error: any bytes are a request within the limits, or one error says where and what', () => {
    const whole = request.map(encodeWorkRequest)
    fc.assert(
      fc.property(fc.oneof(bytes(0, 200), damaged(whole)), body => {
        const received = attempt(() => decodeWorkRequest(body))
        if (received === undefined) return
        expect(WorkRequest.safeParse(told(received)).success).toBe(true)
        for (const { grant } of received.finished) expect(within(grant, body)).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  test('error: every length there is, but the whole', () => {
    const body = encodeWorkRequest(requestOf(leaseToken(grantOf(20), 0), leaseToken(grantOf(30), 1)))
    for (let length = 0; length < body.length; length++)
      expect(() => decodeWorkRequest(body.subarray(0, length))).toThrow(MalformedBytesError)
    expect(decodeWorkRequest(body).finished).toHaveLength(2)
  })

  test.each([
    ['seconds', 17, [0x7f, 0xf8]],
    ['lanes', 25, [65]],
    ['finished.grant', 27, [0, 15]],
    ['finished.grant', 27, [8, 1]],
    ['finished.grant', 27, [0, 255]],
    ['finished', 45, [0]],
    ['finished', 45, [65]],
    ['finished.place', 46, [64]],
    ['finished.outcome', 47, [2]],
    ['finished.elapsedMs', 48, [0x80]],
    ['finished.outcome.output', 52, [0xff]],
  ])('error: %s at byte %i', (field, at, wrong) => {
    const body = encodeWorkRequest(requestOf(leaseToken(grantOf(16), 0)))
    body.set(wrong, at)
    expect(() => decodeWorkRequest(body)).toThrow(expect.objectContaining({ name: 'MalformedBytesError', field }))
  })

  test.each([
    ['no UTF-8', [0xff]],
    ['half a character', [0xed, 0xa0, 0x80]],
    ['a line break', [0x0a]],
    ['a byte-order mark', [0xef, 0xbb, 0xbf]],
  ])('error: a reason with %s', (_, wrong) => {
    const reason = 'x'.repeat(wrong.length)
    const lease = leaseToken(grantOf(16), 0)
    const failed = { lease, elapsedMs: 1, outcome: { kind: 'failed' as const, reason } }
    const body = encodeWorkRequest({ ...requestOf(), finished: [failed] })
    expect(decodeWorkRequest(body).finished[0]?.outcome).toEqual({ kind: 'failed', reason })
    body.set(wrong, body.length - wrong.length)
    expect(() => decodeWorkRequest(body)).toThrow(expect.objectContaining({ field: 'finished.outcome.reason' }))
  })

  test('error: more results than a request may have, over several grants', () => {
    const tokens = Array.from({ length: 65 }, (_, at) => leaseToken(grantOf(16 + (at % 2)), at % 64))
    expect(() => decodeWorkRequest(encodeWorkRequest(requestOf(...tokens)))).toThrow(MalformedBytesError)
    expect(decodeWorkRequest(encodeWorkRequest(requestOf(...tokens.slice(1)))).finished).toHaveLength(64)
  })
})

describe('work answers as bytes', () => {
  test('behavior: what the server grants is what the device reads', () => {
    fc.assert(
      fc.property(response, granted => {
        const answer = decodeWorkResponse(encodeWorkResponse(granted))
        expect(answer).toEqual({
          stored: granted.stored,
          retryAfterSeconds: granted.retryAfterSeconds + 0,
          leases: granted.leases.map(({ job, index, input }, place) => {
            const { jobId, kernelDigest, ...rest } = granted.jobs[job] ?? expect.fail()
            return {
              ...rest,
              lease: leaseToken(granted.grant, place),
              jobId: `${jobId}`,
              taskId: `${jobId}-${index}`,
              kernelDigest: toHex(kernelDigest),
              input: toBase64Url(input),
              expiresAt: new Date(granted.expiresAt).toISOString(),
            }
          }),
        })
        expect(WorkResponse.safeParse(answer).success).toBe(true)
        for (const [place, { lease }] of answer.leases.entries())
          expect(parseLeaseToken(lease)).toEqual({ grant: granted.grant, place })
      }),
    )
  })

  test('error: any bytes are an answer, or one error says where and what', () => {
    const whole = response.map(encodeWorkResponse)
    fc.assert(
      fc.property(fc.oneof(bytes(0, 200), damaged(whole)), body => {
        const answer = attempt(() => decodeWorkResponse(body))
        if (answer !== undefined) expect(answer.leases.length).toBeLessThanOrEqual(body.length)
      }),
      { numRuns: 2000 },
    )
  })

  test('behavior: an answer without leases needs no grant', () => {
    const nothing = { stored: 0, retryAfterSeconds: 3, expiresAt: 0, grant: new Uint8Array(), jobs: [], leases: [] }
    expect(decodeWorkResponse(encodeWorkResponse(nothing))).toEqual({ stored: 0, retryAfterSeconds: 3, leases: [] })
  })
})
