import { describe, expect, test } from 'vitest'
import { jobFileSchema } from '../../protocol/job-json.ts'
import { jobSchemaRoutes } from './job-schema.ts'

describe('GET /api/job.schema.json', () => {
  test('default', async () => {
    const response = await jobSchemaRoutes().request('/job.schema.json')
    expect(response.headers.get('content-type')).toBe('application/schema+json')
    expect(await response.json()).toMatchObject({ title: 'A Tidemill job', ...jobFileSchema() })
  })
})
