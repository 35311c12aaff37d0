import { defaultPolicy } from '../../protocol/jobs.ts'
import { createFolderBlobs } from '../blobs/folder-blobs.ts'
import { chunkSizeFor, prepareSeedJobs } from '../catalogue.ts'
import type { Database } from '../db/database.ts'
import { seedJobs } from '../db/jobs.ts'

const small: Readonly<Record<string, object>> = {
  'collatz-records': { from: '1', to: '300000000000', startsPerTask: 3_000_000 },
}

/**
 * Fills an empty database with a job whose tasks take milliseconds, so that a test sees many of them, and whose policy
 * believes two newcomers that agree.
 *
 * @param chunkSize small chunks are sealed while a test looks on
 */
export async function seedSmallJobs(
  database: Database,
  dataFolder: string,
  { chunkSize = chunkSizeFor(0.002) }: { chunkSize?: number } = {},
): Promise<void> {
  const blobs = createFolderBlobs(`${dataFolder}/blobs`)
  const jobs = await prepareSeedJobs(blobs, new Date())
  const chosen = jobs.flatMap(job => {
    const parameters = small[job.kernelId]
    return parameters === undefined
      ? []
      : [
          {
            ...job,
            policy: { ...defaultPolicy, confidence: 0.9 },
            parameters,
            taskCount: 100_000n,
            microCredits: 2_000n,
            chunkSize,
          },
        ]
  })
  await database.transaction(client => seedJobs(client, chosen))
}
