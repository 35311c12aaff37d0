import { randomUUID, webcrypto } from 'node:crypto'
import { fromBase64Url, toBase64Url } from '../../protocol/bytes.ts'
import { createApiClient } from '../../protocol/client.ts'
import { Challenge, DeviceSession, signedText } from '../../protocol/devices.ts'
import type { Lease, WorkResponse } from '../../protocol/work.ts'
import { type HttpDevice, openHttpDevice } from './http-device.ts'

/** `node fleet.ts '{"urls":[..],"devices":500,"batch":8,"warmUpSeconds":5,"seconds":30}'` */
export interface FleetOrder {
  readonly urls: readonly string[]
  readonly devices: number
  /** Results in each report, and leases wanted with it. */
  readonly batch: number
  readonly warmUpSeconds: number
  readonly seconds: number
  /** Reports per second of the whole fleet; absent: as many as the server answers. */
  readonly reportsPerSecond?: number
}

/** What the fleet saw while it measured. */
export interface FleetReport {
  readonly seconds: number
  readonly acknowledged: number
  readonly requests: number
  readonly bytes: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly emptyAnswers: number
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

async function register(url: string): Promise<DeviceSession> {
  const api = createApiClient(url)
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const { challenge } = await api.post('/api/challenges', {}, Challenge)
  const signature = await webcrypto.subtle.sign(algorithm, keys.privateKey, signedText(challenge))
  const publicKey = toBase64Url(new Uint8Array(await webcrypto.subtle.exportKey('raw', keys.publicKey)))
  return api.post(
    '/api/devices',
    { publicKey, challenge, signature: toBase64Url(new Uint8Array(signature)) },
    DeviceSession,
  )
}

/** The answer that every honest device gives for an input: the input's first bytes, as a step count and no record. */
function answerOf(lease: Lease): string {
  const output = new Uint8Array(16)
  output.set(fromBase64Url(lease.input).subarray(0, 8))
  return toBase64Url(output)
}

async function main(order: FleetOrder): Promise<FleetReport> {
  const devices: { session: DeviceSession; http: HttpDevice }[] = []
  for (let at = 0; at < order.devices; at++) {
    const url = order.urls[at % order.urls.length] as string
    devices.push({ session: await register(url), http: await openHttpDevice(new URL(url)) })
  }

  const latencies: number[] = []
  const counted = { acknowledged: 0, requests: 0, bytes: 0, emptyAnswers: 0 }
  let isMeasuring = false
  let isOver = false
  const paceMs = order.reportsPerSecond === undefined ? 0 : (1000 * order.devices) / order.reportsPerSecond

  async function work({ session, http }: (typeof devices)[number]): Promise<void> {
    let leases: readonly Lease[] = []
    // Devices do not beat as one.
    if (paceMs > 0) await new Promise(resolve => setTimeout(resolve, Math.random() * paceMs))
    while (!isOver) {
      const finished = leases.map(lease => ({
        lease: lease.lease,
        elapsedMs: 1,
        outcome: { kind: 'output', output: answerOf(lease) },
      }))
      const request = { requestId: randomUUID(), seconds: 0, lanes: order.batch, finished }
      const body = JSON.stringify(request)
      const sentAt = performance.now()
      const answer = await http.post('/api/work', session.token, body)
      const tookMs = performance.now() - sentAt
      if (answer.status !== 200) throw new Error(`The server answered ${answer.status}: ${answer.body}`)
      leases = (JSON.parse(answer.body) as WorkResponse).leases
      if (isMeasuring) {
        latencies.push(tookMs)
        counted.acknowledged += finished.length
        counted.requests++
        counted.bytes += body.length + answer.bytes
        if (leases.length === 0) counted.emptyAnswers++
      }
      const restMs = Math.max(paceMs - tookMs, leases.length === 0 ? 20 : 0)
      if (restMs > 0) await new Promise(resolve => setTimeout(resolve, restMs))
    }
  }

  const working = devices.map(work)
  await new Promise(resolve => setTimeout(resolve, order.warmUpSeconds * 1000))
  process.send?.('measuring')
  isMeasuring = true
  const startedAt = performance.now()
  await new Promise(resolve => setTimeout(resolve, order.seconds * 1000))
  isMeasuring = false
  const seconds = (performance.now() - startedAt) / 1000
  process.send?.('measured')
  isOver = true
  await Promise.all(working)
  for (const { http } of devices) http.close()
  latencies.sort((a, b) => a - b)
  const quantile = (share: number) => latencies[Math.floor(share * (latencies.length - 1))] ?? 0
  return { seconds, ...counted, p50Ms: quantile(0.5), p99Ms: quantile(0.99) }
}

process.send?.(await main(JSON.parse(process.argv[2] ?? '{}') as FleetOrder))
