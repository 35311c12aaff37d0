/** Every bound on what one party may ask, in one place. */
export const quotas = {
  /** Body of a request other than `POST /api/work`, which has its own in `protocol/work.ts`. */
  bodyBytes: 16 << 10,
  /** Of `POST /api/leases/return`: a lease's name carries its grant. */
  returnBodyBytes: 256 << 10,
  /** Requests for work that are answered at the same time; more would only wait for each other. */
  workRequests: 2000,
  /** The same of one device, which needs one, and another where it lost the connection of the first. */
  workRequestsPerDevice: 4,
  /** Leases that one device may hold. */
  openLeases: 512,
  /** Open `GET /api/events` streams of one server. */
  eventStreams: 2000,
  /** Of `POST /api/trials` and `POST /api/jobs`: a sweep names its values. */
  postingBodyBytes: 2 << 20,
  /** Trials of one account at the same time, and in an hour. */
  trialsAtOnce: 2,
  trialsPerHour: 120,
  /** Trials of one server that run or wait. */
  trialsWaiting: 20,
  /** Jobs of one account that are neither finished nor canceled. */
  openJobs: 20,
  /** Budgets of these together, in credits. */
  postedCredits: 10_000_000,
  /** Failed tasks that one job runs again. */
  rerunTasks: 10_000,
  /** Results on one page of an account's history. */
  resultHistory: 50,
  creditHistoryPoints: 240,
  /** Of one blob. */
  blobBytes: 4 * 2 ** 30,
  /** Of all blobs that one account has stored. */
  postingBlobBytes: 8 * 2 ** 30,
  /** Body of a request that lists blobs by their digests. */
  digestsBodyBytes: 256 << 10,
  /** Blobs that come or are joined at the same time: each holds some megabytes. */
  blobUploads: 64,
  /** The same of one account. */
  blobUploadsPerAccount: 8,
} as const
