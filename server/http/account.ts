import { Hono } from 'hono'
import { Account } from '../../protocol/account.ts'
import { readAccountTotals, readCreditHistory, readOwnResults } from '../db/read-account.ts'
import { quotas } from '../domain/quotas.ts'
import { UnauthorizedError } from '../errors.ts'
import { toAccount } from '../views.ts'
import { authenticate, documented } from './route.ts'
import type { Services } from './services.ts'

export const accountRoutes = ({ database, sessions }: Services) =>
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
      const [totals, results, history] = await Promise.all([
        readAccountTotals(database, accountId),
        readOwnResults(database, accountId, quotas.resultHistory),
        readCreditHistory(database, accountId, quotas.creditHistoryPoints),
      ])
      if (totals === undefined) throw new UnauthorizedError('invalid')
      c.header('cache-control', 'no-store')
      return c.json(toAccount(accountId, totals, results, history))
    },
  )
