import { describe, expect, test } from 'vitest'
import { createLogger, type LogLevel } from './logger.ts'

function capture(level?: LogLevel) {
  const lines: string[] = []
  return { lines, log: createLogger(line => lines.push(line), level) }
}

describe('createLogger', () => {
  test('default: a line of JSON per event, with its time, level and details', () => {
    const { lines, log } = capture()
    log.info('A chunk was cut', { jobId: 7n, tasks: 300 })
    expect(lines).toHaveLength(1)
    expect(lines[0]).not.toContain('\n')
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      level: 'info',
      message: 'A chunk was cut',
      jobId: 7,
      tasks: 300,
    })
  })

  test('behavior: an error shows its name, message, code, stack and cause, and nothing that a driver hung on it', () => {
    const { lines, log } = capture()
    const cause = Object.assign(new RangeError('inner'), { code: '23505', detail: 'Key (public_key)=(x1) exists' })
    log.error('It failed', { error: new Error('outer', { cause }) })
    const { error } = JSON.parse(lines[0] ?? '')
    expect(error).toMatchObject({ name: 'Error', message: 'outer', stack: expect.stringContaining('logger.test') })
    expect(error.cause).toMatchObject({ name: 'RangeError', message: 'inner', code: '23505' })
    expect(lines[0]).not.toContain('x1')
  })

  test('behavior: less urgent lines than wanted are left out', () => {
    const { lines, log } = capture('warn')
    log.debug('quietest')
    log.info('quiet')
    log.warn('loud')
    log.error('louder')
    expect(lines.map(line => JSON.parse(line).message)).toEqual(['loud', 'louder'])
  })

  test.each([
    ['a detail called by its name', { token: 's3cret', headers: { authorization: 's3cret', cookie: 's3cret' } }],
    ['the password of a URL', { url: 'postgresql://tidemill:s3cret@db/tidemill' }],
    ['a header inside an error', { error: new Error('refused: authorization: Bearer s3cret-s3cret') }],
    ['a URL inside a cause', { error: new Error('no', { cause: new Error('at postgres://me:s3cret@h:5432/d') }) }],
  ])('behavior: secrets never reach a line: %s', (_, details) => {
    const { lines, log } = capture()
    log.error('Something is wrong', details)
    expect(lines[0]).toContain('[secret]')
    expect(lines[0]).not.toContain('s3cret')
  })
})
