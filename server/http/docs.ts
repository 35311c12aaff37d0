import { randomBytes } from 'node:crypto'
import { Hono } from 'hono'
import { html, raw } from 'hono/html'
import { generateSpecs } from 'hono-openapi'
import { errorCodes } from '../../protocol/errors.ts'
import { once } from '../../protocol/once.ts'
import { version } from '../version.ts'

interface Operation {
  readonly tags?: readonly string[]
  readonly summary?: string
  readonly security?: readonly unknown[]
  readonly requestBody?: { readonly content?: Record<string, { readonly schema?: unknown }> }
  readonly responses?: Record<
    string,
    { readonly description?: string; readonly content?: Record<string, { readonly schema?: unknown }> }
  >
}

const documentation = {
  info: {
    title: 'Tidemill',
    version,
    description: 'Volunteer computing that needs nothing but a web page: the API of its task server.',
  },
  components: { securitySchemes: { session: { type: 'http' as const, scheme: 'bearer' } } },
}

const style = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
  body { max-width: 60rem; margin: 0 auto; padding: 1rem }
  h2 { margin-top: 2.5rem } h3 { font: 600 1rem ui-monospace, monospace; margin: 1.5rem 0 0 }
  pre { overflow-x: auto; padding: .75rem; border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: .5rem; font-size: .8rem }
  summary { cursor: pointer; min-height: 2rem }
`

/** The OpenAPI document, and the same as a page for people. Our own page: the usual viewers load scripts from elsewhere. */
export function docsRoutes(api: Hono): Hono {
  const spec = once(() => generateSpecs(api, { documentation }))
  const app = new Hono()
  app.get('/openapi.json', async c => c.json(await spec()))
  app.get('/docs', async c => {
    const nonce = randomBytes(16).toString('base64')
    c.header(
      'content-security-policy',
      `default-src 'none'; style-src 'nonce-${nonce}'; base-uri 'none'; frame-ancestors 'none'`,
    )
    const { paths = {}, components } = await spec()
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods ?? {}).map(([method, operation]) => ({ path, method, operation: operation as Operation })),
    )
    const tags = [...new Set(operations.flatMap(({ operation }) => operation.tags ?? []))]
    return c.html(html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Tidemill API</title><style nonce="${nonce}">${raw(style)}</style></head>
<body>
<h1>Tidemill API ${version}</h1>
<p>${documentation.info.description} The same for programs: <a href="/api/openapi.json">openapi.json</a>.</p>
<p>Every refusal is <code>application/problem+json</code> (RFC 9457) with a <code>code</code>: ${errorCodes.map((code, at) => html`${at === 0 ? '' : ', '}<code id="${code}">${code}</code>`)}.</p>
${tags.map(
  tag =>
    html`<h2>${tag}</h2>${operations
      .filter(({ operation }) => operation.tags?.includes(tag))
      .map(
        ({ path, method, operation }) => html`<h3>${method.toUpperCase()} ${path}</h3>
<p>${operation.summary}.${operation.security === undefined ? '' : ' Needs a session token.'}</p>
${schemaOf('Body', operation.requestBody?.content)}${Object.entries(operation.responses ?? {}).map(
  ([status, { description, content }]) => schemaOf(`${status}: ${description ?? ''}`, content),
)}`,
      )}`,
)}
<h2>Schemas</h2>${Object.entries(components?.schemas ?? {}).map(([name, schema]) => details(name, schema))}
</body></html>`)
  })
  return app
}

const details = (title: string, schema: unknown) =>
  html`<details><summary>${title}</summary><pre>${JSON.stringify(schema, undefined, 2)}</pre></details>`

const schemaOf = (title: string, content: Record<string, { readonly schema?: unknown }> = {}) =>
  Object.entries(content).map(([mediaType, { schema }]) => details(`${title} (${mediaType})`, schema ?? 'bytes'))
