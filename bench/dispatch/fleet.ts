import { createApiClient } from '../../protocol/client.ts'
import { createDevice, type Device } from './device.ts'
import { FleetCounter } from './fleet-counter.ts'
import type { FleetAnswer, FleetCommand, FleetOrder } from './fleet-messages.ts'
import { Pacer } from './pace.ts'
import { createDeviceKey } from './register-device.ts'

/**
 * The load generator: a process of its own, that does what its parent says (`fleet-messages.ts`). Each device has a key,
 * an account, a session token and a keep-alive connection of its own.
 */
const renewSessionsMs = 30 * 60_000

function fail(error: Error): void {
  console.error(error)
  process.exit(1)
}

const answer = (message: FleetAnswer) => void process.send?.(message)

const order = JSON.parse(process.argv[2] ?? '{}') as FleetOrder
const apis = order.urls.map(url => ({ url: new URL(url), api: createApiClient(url) }))
const counter = new FleetCounter()
const devices: Device[] = []
const pacer = new Pacer(devices)
const renewals: (() => Promise<void>)[] = []
const accountIds: string[] = []

for (let at = 0; at < order.devices; at++) {
  const { url, api } = apis[at % apis.length] as (typeof apis)[number]
  const key = await createDeviceKey()
  const onIdle = (idle: Device, hasWork: boolean) => pacer.onIdle(idle, hasWork)
  const device = createDevice({ url, lanes: order.resultsPerReport, counter, onIdle, onError: fail })
  const { accountId, token } = await key.openSession(api)
  device.authorize(token)
  renewals.push(async () => device.authorize((await key.openSession(api)).token))
  accountIds.push(accountId)
  devices.push(device)
}
// A server that is busy is slow to take new connections; real devices have had theirs for long.
for (const device of devices) await device.connect()
setInterval(async () => {
  for (const renew of renewals) await renew().catch(fail)
}, renewSessionsMs).unref()

function obey(command: FleetCommand): void {
  if (command.kind === 'load') pacer.load(command.pace)
  if (command.kind === 'count') counter.reset()
  if (command.kind === 'rest') {
    pacer.rest()
    answerWhenIdle()
  } else answer(command.kind === 'read' ? { kind: 'counted', counts: counter.read() } : { kind: 'done' })
}

function answerWhenIdle(): void {
  if (devices.some(({ isBusy }) => isBusy)) setTimeout(answerWhenIdle, 5)
  else answer({ kind: 'done' })
}

process.on('message', obey)
process.once('disconnect', () => process.exit(0))
answer({ kind: 'registered', accountIds })
