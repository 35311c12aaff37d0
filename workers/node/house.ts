import { setPriority } from 'node:os'
import { importKeyPair } from '../device-key.ts'
import type { Volunteer } from '../volunteer.ts'
import { endWithParent } from './end-with-parent.ts'
import type { FromHouse, HouseData, ToHouse } from './house-messages.ts'
import { createNodeVolunteer } from './node-volunteer.ts'

// The entry of the house device: a process of its own, because it runs programs of strangers.

/** A quarter of a core beside busy ones. The lowest priority, 19, would leave a visitor's results unjudged for minutes. */
const niceness = 5
/** How long a stopping house device tries to report. */
const farewellMs = 2000

const tell = endWithParent<FromHouse>()
let volunteer: Volunteer | undefined

setPriority(niceness)
process.on('message', (message: ToHouse) => {
  void (message.kind === 'start' ? start(message.data) : stop())
})

async function start({ serverUrl, keyJwk, directory, cores, cpuPercent = 100 }: HouseData): Promise<void> {
  const pair = importKeyPair(keyJwk)
  volunteer = createNodeVolunteer({
    serverUrl,
    directory,
    keys: { find: () => pair, findOrCreate: () => pair },
    niceness,
    // At low priority a busy machine may leave a healthy runner without a turn for long.
    stallSeconds: 60,
  })
  // Nobody is there to press Start again: the process ends, says why, and whoever began it may do so again.
  volunteer.subscribe(({ phase }) => {
    if (phase.kind === 'unable') void endUnable(phase.reason)
  })
  await volunteer.start({ cores, cpuPercent })
}

async function leave(): Promise<void> {
  if (!volunteer) return
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
  await tell({ kind: 'unable', reason: `The house device cannot compute. ${reason}` })
  process.exit(1)
}
