import { Hono } from 'hono'
import { Health } from '../../protocol/network.ts'
import { version } from '../version.ts'
import { documented } from './route.ts'
import type { Services } from './services.ts'

type Check = Health['checks'][number]

async function checkDatabase({ database, now }: Services): Promise<Check> {
  const name = 'database'
  const startedAt = now()
  try {
    await database.query('select 1')
    return { name, ok: true, detail: `PostgreSQL answers in ${now() - startedAt} ms.` }
  } catch {
    const detail = 'PostgreSQL does not answer. Devices keep their results and report them when it is back.'
    return { name, ok: false, detail }
  }
}

export const healthRoutes = (services: Services) =>
  new Hono().get(
    '/health',
    documented({
      tag: 'Operation',
      summary: 'What works, and what is wrong; 503 where work stands',
      answer: { schema: Health },
    }),
    async c => {
      const checks = [await checkDatabase(services)]
      const isWell = checks.every(({ ok }) => ok)
      const health: Health = { status: isWell ? 'ok' : 'unavailable', version, checks }
      c.header('cache-control', 'no-store')
      return c.json(health, isWell ? 200 : 503)
    },
  )
