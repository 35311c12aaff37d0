import { platform, setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { importKeyPair } from '../device-key.ts'
import { createNodeVolunteer } from './node-volunteer.ts'

/** `workerData` of the house device: a volunteer of the server's own, at low priority. */
export interface HouseData {
  readonly serverUrl: string
  readonly keyJwk: JsonWebKey
  readonly directory: string
  readonly cores: number
  readonly cpuPercent?: number
}

/** Sent to the house device's thread: gives its leases back, reports what is finished, and ends the thread. */
export type ToHouse = 'stop'

/** A quarter of a core beside busy ones. The lowest priority, 19, would leave a visitor's results unjudged for minutes. */
const niceness = 5
/** How long a stopping house device tries to report. */
const farewellMs = 2000

if (!parentPort) throw new Error('house.ts is the entry of a worker thread')
const port = parentPort
const { serverUrl, keyJwk, directory, cores, cpuPercent = 100 } = workerData as HouseData

// Linux gives each thread its own niceness; elsewhere this would slow the server as well.
if (platform() === 'linux') setPriority(niceness)

const pair = importKeyPair(keyJwk)
const volunteer = createNodeVolunteer({
  serverUrl,
  directory,
  keys: { find: () => pair, findOrCreate: () => pair },
  niceness,
  // At low priority a busy machine may leave a healthy runner without a turn for long.
  stallSeconds: 60,
})

port.on('message', (message: ToHouse) => {
  if (message === 'stop') void stop()
})

// Nobody is there to press Start again: the thread ends, with an error that says why, and whoever began it may do so again.
volunteer.subscribe(({ phase }) => {
  if (phase.kind === 'unable') void endUnable(phase.reason)
})

await volunteer.start({ cores, cpuPercent })

async function leave(): Promise<void> {
  const limit = new Promise(resolve => setTimeout(resolve, farewellMs))
  await Promise.race([Promise.all([volunteer.stop(), volunteer.reported()]), limit])
  volunteer.close()
}

async function stop(): Promise<void> {
  await leave()
  process.exit()
}

async function endUnable(reason: string): Promise<void> {
  await leave()
  throw new Error(`The house device cannot compute. ${reason}`)
}
