import { queryOptions } from '@tanstack/react-query'
import { Account } from '../../protocol/account.ts'
import { connectVolunteer } from '../volunteer/connect.ts'
import { api } from './api.ts'

/** The account of this browser, or that it has none yet. Asking never makes one. */
export type OwnAccount = { readonly kind: 'none' } | { readonly kind: 'known'; readonly account: Account }

async function readAccount(signal: AbortSignal): Promise<OwnAccount> {
  const volunteer = await connectVolunteer()
  if (!(await volunteer.hasAccount())) return { kind: 'none' }
  const token = await volunteer.sessionToken()
  return { kind: 'known', account: await api.get('/api/account', Account, { token, signal }) }
}

/** Verdicts come a while after results: asked often while computing, and still now and then after it. */
export const accountQuery = ({ isComputing, isWanted }: { isComputing: boolean; isWanted: boolean }) =>
  queryOptions({
    queryKey: ['account'],
    queryFn: ({ signal }) => readAccount(signal),
    enabled: isWanted,
    refetchInterval: isComputing ? 2_500 : 15_000,
  })
