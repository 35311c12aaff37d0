import * as z from 'zod/mini'
import { Count, JobId } from './ids.ts'

/** Totals of the whole network: `GET /api/stats`, and the `network` event of `GET /api/events`. */
export const Network = z.object({
  /** Devices that asked for work or reported within the last five minutes, without the operator's own. */
  activeDevices: z.int(),
  devices: Count,
  returned: Count,
  accepted: Count,
  disputed: Count,
  failed: Count,
  /** Seconds of the reference core, verified. */
  credit: z.number(),
  /** Those of `GET /api/jobs`. */
  jobs: z.array(z.object({ id: JobId, tasks: Count, accepted: Count, disputed: Count, failed: Count })),
})
export type Network = z.infer<typeof Network>

export const Stats = z.object({
  ...Network.shape,
  /** Results of the last hour, returned and accepted, oldest first; minutes in which nothing happened are absent. */
  perMinute: z.array(z.object({ minute: z.iso.datetime(), returned: z.int(), accepted: z.int() })),
})
export type Stats = z.infer<typeof Stats>

export const Health = z.object({
  status: z.enum(['ok', 'unavailable']),
  version: z.string(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
})
export type Health = z.infer<typeof Health>
