import { Logger, makeWorkerUtils, run } from 'graphile-worker'
import { inserts, type Peer } from './peer.ts'

const silent = new Logger(() => () => {})

/**
 * graphile-worker as its documentation tunes it for throughput: with a batch, jobs are fetched into the local queue so
 * many at a time, and noted as done in batches without delay (0 ms: what has gathered while the statement before ran).
 * A job that is done is a row that is deleted.
 */
export const graphileWorker: Peer = {
  async prepare(databaseUrl, jobs) {
    const utils = await makeWorkerUtils({ connectionString: databaseUrl, logger: silent })
    await utils.migrate()
    for (const size of inserts(jobs))
      await utils.addJobs(Array.from({ length: size }, (_, id) => ({ identifier: 'nothing', payload: { id } })))
    await utils.release()
  },

  async start(databaseUrl, { concurrency, connections, batch }) {
    const batches = { localQueue: { size: batch }, completeJobBatchDelay: 0, failJobBatchDelay: 0 }
    const runner = await run({
      taskList: { nothing: async () => {} },
      preset: {
        worker: {
          connectionString: databaseUrl,
          concurrentJobs: concurrency,
          maxPoolSize: connections,
          logger: silent,
          ...(batch > 1 && batches),
        },
      },
      noHandleSignals: true,
    })
    return { stop: () => runner.stop() }
  },
}
