import { serveStatic } from '@hono/node-server/serve-static'
import type { Context } from 'hono'
import { Hono } from 'hono'
import { MethodNotAllowedError, NotFoundError } from '../errors.ts'

const cache = (value: string) => (_path: string, c: Context) => c.header('cache-control', value)

/** The built page: its hashed files for ever, its entry for every path that the page's own router knows. */
export function pageRoutes(folder: string): Hono {
  const app = new Hono()
  // The build leaves a zipped copy beside each of them.
  const assets = { root: folder, precompressed: true, onFound: cache('public, max-age=31536000, immutable') }
  app.get('/assets/*', serveStatic(assets), () => {
    throw new NotFoundError('There is no such file. Reload the page: it may have been updated.')
  })
  app.get('*', serveStatic({ root: folder, onFound: cache('no-cache') }))
  app.get('*', serveStatic({ root: folder, path: 'index.html', onFound: cache('no-cache') }), () => {
    throw new NotFoundError('The page is not built. Run npm run build.')
  })
  app.all('*', c => {
    c.header('allow', 'GET, HEAD')
    throw new MethodNotAllowedError('Pages are only read.')
  })
  return app
}
