import * as z from 'zod/mini'
import type { ApiClient } from '../protocol/client.ts'
import { TidemillError } from '../protocol/errors.ts'
import type { LeaseToken } from '../protocol/ids.ts'
import { workLimits } from '../protocol/work.ts'
import type { Session } from './session.ts'

const patienceMs = 5000
const most = workLimits.leasesPerRequest

/** Gives leases back, so that their tasks are free for others at once. What does not get through ends by its deadline. */
export async function giveBack(tokens: readonly LeaseToken[], api: ApiClient, session: Session): Promise<void> {
  if (tokens.length === 0) return
  const patience = AbortSignal.timeout(patienceMs)
  try {
    const { token } = await session.open()
    for (let at = 0; at < tokens.length; at += most) {
      const leases = tokens.slice(at, at + most)
      await api.post('/api/leases/return', { leases }, z.undefined(), { token, signal: patience })
    }
  } catch (error) {
    if (!(error instanceof TidemillError || patience.aborted)) throw error
  }
}
