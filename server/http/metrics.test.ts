import { describe, expect, test, vi } from 'vitest'
import { createMetrics } from '../metrics.ts'
import { startTestServer } from '../testing/start-test-server.ts'

describe('GET /metrics', () => {
  test('default: requests by route and status, the database, the process, on an address of its own', async () => {
    const server = await startTestServer({ metrics: { host: '127.0.0.1', port: 0 } })
    await fetch(`${server.url}/api/jobs`)
    await fetch(`${server.url}/api/jobs/99`)
    await fetch(`${server.url}/api/nothing`)
    const text = await vi.waitFor(async () => {
      const answer = await fetch(server.metricsUrl as string)
      expect(answer.headers.get('content-type')).toContain('text/plain')
      const read = await answer.text()
      expect(read).toContain('tidemill_http_request_seconds_count{route="/api/*",status="404"} 1')
      return read
    })
    expect(text).toContain('tidemill_http_request_seconds_count{route="/api/jobs",status="200"} 1')
    expect(text).toContain('tidemill_http_request_seconds_count{route="/api/jobs/:id",status="404"} 1')
    expect(text).toMatch(/tidemill_database_connections\{state="total"\} \d/)
    expect(text).toContain('nodejs_eventloop_lag_p99_seconds')
  })

  test('behavior: the server that people reach does not show them', async () => {
    const server = await startTestServer({ metrics: { host: '127.0.0.1', port: 0 } })
    for (const path of ['/metrics', '/api/metrics'])
      expect(await (await fetch(server.url + path)).text()).not.toContain('tidemill_')
    expect(new URL(server.metricsUrl as string).port).not.toBe(new URL(server.url).port)
  })

  test('behavior: unset, there are none', async () => {
    expect((await startTestServer()).metricsUrl).toBeUndefined()
  })

  test('error: any other path or method', async () => {
    const server = await startTestServer({ metrics: { host: '127.0.0.1', port: 0 } })
    const url = server.metricsUrl as string
    expect((await fetch(new URL('/', url))).status).toBe(404)
    expect((await fetch(url, { method: 'POST' })).status).toBe(404)
  })
})

describe('createMetrics', () => {
  test('default: counts add up, gauges are read when asked for', async () => {
    const metrics = createMetrics({ includesProcess: false })
    let openLeases = 3
    metrics.watch({ openLeases: () => openLeases, chunks: () => 7 })
    metrics.resultsAppended(2)
    metrics.resultsAppended(5)
    metrics.verdicts('accepted', 4)
    metrics.probes('failed', 1)
    openLeases = 9
    const text = await metrics.registry.metrics()
    for (const line of [
      'tidemill_results_appended_total 7',
      'tidemill_verdicts_total{state="accepted"} 4',
      'tidemill_probes_total{outcome="failed"} 1',
      'tidemill_leases_open 9',
      'tidemill_chunks_held 7',
    ])
      expect(text).toContain(line)
  })
})
