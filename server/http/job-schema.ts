import { Hono } from 'hono'
import { jobFileSchema } from '../../protocol/job-json.ts'
import { documented } from './route.ts'

/** The JSON Schema of job.json, so that an editor can help whoever writes one. */
export function jobSchemaRoutes() {
  const schema = JSON.stringify({ title: 'A Tidemill job', ...jobFileSchema() }, undefined, 2)
  return new Hono().get(
    '/job.schema.json',
    documented({
      tag: 'Posting',
      summary: 'The JSON Schema of job.json, which npm run post reads',
      answer: { mediaType: 'application/schema+json', description: 'The schema' },
    }),
    c => c.body(schema, 200, { 'content-type': 'application/schema+json', 'cache-control': 'no-cache' }),
  )
}
