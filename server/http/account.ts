import { Hono } from 'hono'
import { Account } from '../../protocol/account.ts'
import { readAccountTotals, readCreditHistory, readOwnResults, readRecords } from '../db/read-account.ts'
import { quotas } from '../domain/quotas.ts'
import { UnauthorizedError } from '../errors.ts'
import { toAccount } from '../views.ts'
import { authenticate, documented } from './route.ts'
import type { Services } from './services.ts'

export const accountRoutes = ({ database, sessions, secrecy, now }: Services) =>
  new Hono().get(
    '/account',
    documented({
      tag: 'Account',
      summary: 'What the account of this device returned and earned',
      needsSession: true,
      answer: { schema: Account },
    }),
    authenticate(sessions),
    async c => {
      const { accountId } = c.var.session
      const at = now()
      const [totals, results, history, records] = await Promise.all([
        readAccountTotals(database, accountId, new Date(at)),
        readOwnResults(database, accountId, quotas.resultHistory),
        readCreditHistory(database, accountId, quotas.creditHistoryPoints),
        readRecords(database, accountId),
      ])
      if (totals === undefined) throw new UnauthorizedError('invalid')
      c.header('cache-control', 'no-store')
      return c.json(toAccount({ accountId, totals, results, history, records, secrecy, now: at }))
    },
  )
