import { PgBoss } from 'pg-boss'
import { inserts, type Peer } from './peer.ts'

const queue = 'nothing'

/** Without what is not asked of it here: schedules, supervision, statistics. */
const createBoss = (databaseUrl: string, connections: number) =>
  new PgBoss({ connectionString: databaseUrl, max: connections, supervise: false, schedule: false })

/**
 * pg-boss by its own `fetch` and `complete`, as fast as they follow each other: its `work` polls, at most twice a second
 * where batches do not fill. A job that is done is a row whose state says so.
 */
export const pgBoss: Peer = {
  async prepare(databaseUrl, jobs) {
    const boss = createBoss(databaseUrl, 2)
    await boss.start()
    await boss.createQueue(queue)
    for (const size of inserts(jobs))
      await boss.insert(
        queue,
        Array.from({ length: size }, (_, id) => ({ data: { id } })),
        { returnId: false },
      )
    await boss.stop()
  },

  async start(databaseUrl, { concurrency, connections, batch }) {
    const boss = createBoss(databaseUrl, connections)
    await boss.start()
    const stopping = new AbortController()

    async function work(): Promise<void> {
      while (!stopping.signal.aborted) {
        const jobs = await boss.fetch(queue, { batchSize: batch })
        if (jobs.length === 0) return
        await boss.complete(
          queue,
          jobs.map(({ id }) => id),
        )
      }
    }

    const working = Promise.all(Array.from({ length: concurrency }, work))
    return {
      async stop() {
        stopping.abort()
        await working
        await boss.stop()
      },
    }
  },
}
