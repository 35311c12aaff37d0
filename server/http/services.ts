import type { BlobStore } from '../blobs/blob-store.ts'
import type { Uploads } from '../blobs/uploads.ts'
import type { ClientAddress } from '../client-address.ts'
import type { Database } from '../db/database.ts'
import type { DevicesSeen } from '../devices-seen.ts'
import type { ServerHealth } from '../health.ts'
import type { JobKernels } from '../job-kernel.ts'
import type { Logger } from '../logger.ts'
import type { NetworkFeed } from '../network-feed.ts'
import type { JobControl } from '../posting/job-control.ts'
import type { PostingDesk } from '../posting/post-job.ts'
import type { Trials } from '../posting/trials.ts'
import type { Secrecy } from '../secrecy.ts'
import type { Sessions } from '../sessions.ts'
import type { Tokens } from '../tokens.ts'
import type { Work } from '../work.ts'

/** What the routes act through. */
export interface Services {
  readonly database: Database
  readonly blobs: BlobStore
  readonly jobKernels: JobKernels
  readonly uploads: Uploads
  readonly trials: Trials
  readonly posting: PostingDesk
  readonly jobControl: JobControl
  readonly sessions: Sessions
  readonly work: Work
  readonly tokens: Tokens
  readonly secrecy: Secrecy
  readonly devicesSeen: DevicesSeen
  readonly feed: NetworkFeed
  readonly now: () => number
  readonly health: ServerHealth
  readonly clientAddress: ClientAddress
  /** Whether accounts may store files and post jobs. */
  readonly sponsoredJobs: boolean
  readonly log: Logger
  /** Folder of the built page. */
  readonly pageFolder: string
}
