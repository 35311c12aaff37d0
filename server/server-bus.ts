import type { Database } from './db/database.ts'

/** What one server tells the others. */
export type ServerMessage =
  /** The inbox has results for a chunk that the sender does not hold. */
  | { readonly kind: 'results'; readonly jobId: bigint; readonly lo: bigint }
  /** A device has given back a lease of a task whose chunk the sender does not hold. */
  | { readonly kind: 'release'; readonly jobId: bigint; readonly index: bigint; readonly deviceId: bigint }

const channel = 'tidemill'

function parse(payload: string): ServerMessage | undefined {
  const [kind, ...words] = payload.split(' ')
  // Anybody who may connect to the database can say anything here.
  if (!words.every(word => /^\d{1,19}$/.test(word))) return undefined
  const [jobId = 0n, second = 0n, deviceId = 0n] = words.map(BigInt)
  if (kind === 'results') return { kind, jobId, lo: second }
  // A newer server may say what this one does not understand yet.
  return kind === 'release' ? { kind, jobId, index: second, deviceId } : undefined
}

const format = (message: ServerMessage): string =>
  message.kind === 'results'
    ? `results ${message.jobId} ${message.lo}`
    : `release ${message.jobId} ${message.index} ${message.deviceId}`

/** Servers of one database talk through its notifications. What they say only saves time: the tables are the truth. */
export const createServerBus = (database: Database) => ({
  /** @param onResumed messages may have been missed */
  listen: (onMessage: (message: ServerMessage) => void, onResumed: () => void): Promise<void> =>
    database.listen(channel, {
      onPayload(payload) {
        const message = parse(payload)
        if (message !== undefined) onMessage(message)
      },
      onResumed,
    }),
  async tell(messages: readonly ServerMessage[]): Promise<void> {
    if (messages.length === 0) return
    await database.query('select pg_notify($1, message) from unnest($2::text[]) message', [
      channel,
      messages.map(format),
    ])
  },
})
