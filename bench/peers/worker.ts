import { graphileWorker } from './graphile-worker.ts'
import type { Peer, PeerSettings } from './peer.ts'
import { pgBoss } from './pg-boss.ts'

/** Started as `node worker.ts '<order as JSON>'`. Says `ready`, works when told `start`, ends when told `stop`. */
export interface PeerOrder {
  readonly peer: 'graphile-worker' | 'pg-boss'
  readonly databaseUrl: string
  readonly jobs: number
  readonly settings: PeerSettings
}

const peers: Readonly<Record<PeerOrder['peer'], Peer>> = { 'graphile-worker': graphileWorker, 'pg-boss': pgBoss }

const { peer, databaseUrl, jobs, settings } = JSON.parse(process.argv[2] ?? '{}') as PeerOrder
await peers[peer].prepare(databaseUrl, jobs)
process.once('message', async () => {
  const work = await peers[peer].start(databaseUrl, settings)
  process.once('message', async () => {
    await work.stop()
    process.exit(0)
  })
  process.send?.('working')
})
// Ends with the bench.
process.once('disconnect', () => process.exit(1))
process.send?.('ready')
