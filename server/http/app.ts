import { Hono } from 'hono'
import { compress } from 'hono/compress'
import * as z from 'zod/mini'
import { MethodNotAllowedError, NotFoundError } from '../errors.ts'
import { accountRoutes } from './account.ts'
import { blobRoutes } from './blobs.ts'
import { deviceRoutes } from './devices.ts'
import { docsRoutes } from './docs.ts'
import { healthRoutes } from './health.ts'
import { jobSchemaRoutes } from './job-schema.ts'
import { jobRoutes } from './jobs.ts'
import { networkRoutes } from './network.ts'
import { pageRoutes } from './page.ts'
import { postingRoutes } from './posting.ts'
import { answerProblems } from './problem.ts'
import { namedRoute } from './requests.ts'
import { resultRoutes } from './results.ts'
import { sandboxFrameRoutes } from './sandbox-frame.ts'
import { setSecurityHeaders } from './security-headers.ts'
import type { Services } from './services.ts'
import { taskRoutes } from './tasks.ts'
import { trialRoutes } from './trials.ts'
import { type WorkEndpoint, workRoutes } from './work.ts'

z.config(z.locales.en())

/** Everything that the server answers: the API under /api, the page under everything else. */
export function createApp(services: Services, answerWork: WorkEndpoint): Hono {
  const api = new Hono().basePath('/api')
  for (const routes of [
    deviceRoutes,
    (all: Services) => workRoutes(all, answerWork),
    accountRoutes,
    blobRoutes,
    jobRoutes,
    jobSchemaRoutes,
    postingRoutes,
    trialRoutes,
    resultRoutes,
    taskRoutes,
    networkRoutes,
    healthRoutes,
  ])
    api.route('/', routes(services))
  const documented = docsRoutes(api)
  api.route('/', documented)
  refuseOtherMethods(api)
  api.all('/*', c => {
    throw new NotFoundError(`There is no ${c.req.path}. GET /api/docs lists what there is.`)
  })

  const app = new Hono()
  app.onError(answerProblems)
  app.use(namedRoute, setSecurityHeaders)
  // Reports and leases are small and hard to compress; what people and their browsers fetch is neither.
  app.get('*', compress())
  app.route('/', api)
  app.route('/', sandboxFrameRoutes())
  app.route('/', pageRoutes(services.pageFolder))
  return app
}

/** Answers 405 where the path is known and the method is not. */
function refuseOtherMethods(api: Hono): void {
  const paths = new Map<string, Set<string>>()
  for (const { path, method } of api.routes) {
    if (method === 'ALL') continue
    paths.set(path, (paths.get(path) ?? new Set()).add(method))
  }
  for (const [path, methods] of paths)
    api.all(path.replace(/^\/api/, ''), c => {
      c.header('allow', [...methods].join(', '))
      throw new MethodNotAllowedError(`${c.req.path} knows ${[...methods].join(' and ')}, not ${c.req.method}.`)
    })
}
