import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import { Problem } from '../../protocol/errors.ts'
import { answerProblems } from './problem.ts'
import { shedLoad } from './route.ts'

describe('shedLoad', () => {
  test('default: what is over the limit is refused at once, and there is room again when something ends', async () => {
    const gate = Promise.withResolvers<void>()
    const app = new Hono()
    app.onError(answerProblems)
    app.get('/', shedLoad(2), async c => {
      await gate.promise
      return c.text('done')
    })
    const underWay = [app.request('/'), app.request('/')]
    const refused = await app.request('/')
    expect(refused.status).toBe(503)
    expect(refused.headers.get('retry-after')).toBe('5')
    expect(Problem.parse(await refused.json()).code).toBe('OverloadedError')
    gate.resolve()
    expect((await Promise.all(underWay)).map(({ status }) => status)).toEqual([200, 200])
    expect((await app.request('/')).status).toBe(200)
  })
})
