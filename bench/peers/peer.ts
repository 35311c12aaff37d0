/** A job queue on PostgreSQL that does what people use it for: take a job, run it, note that it is done. */
export interface Peer {
  /** Creates its schema and fills its queue with so many jobs, by its own bulk call. */
  prepare(databaseUrl: string, jobs: number): Promise<void>
  /** Works through the queue with a handler that does nothing, until stopped. */
  start(databaseUrl: string, settings: PeerSettings): Promise<{ stop(): Promise<void> }>
}

export interface PeerSettings {
  /** Jobs, or batches of jobs, under way at the same time. */
  readonly concurrency: number
  /** Connections to PostgreSQL. */
  readonly connections: number
  /** Jobs that are taken, and noted as done, by one statement; 1: no batches. */
  readonly batch: number
}

/** Jobs that one call adds while a queue is filled. */
export const jobsPerInsert = 5000

/** @returns how many jobs each call adds */
export const inserts = (jobs: number): number[] =>
  Array.from({ length: Math.ceil(jobs / jobsPerInsert) }, (_, at) => Math.min(jobsPerInsert, jobs - at * jobsPerInsert))
