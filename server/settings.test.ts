import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseSettings } from './settings.ts'

describe('parseSettings', () => {
  test('default', () => {
    expect(parseSettings({})).toEqual({
      host: '127.0.0.1',
      port: 8787,
      dataFolder: resolve('.tidemill'),
      databaseUrl: undefined,
      houseDevice: true,
    })
  })

  test('behavior: an empty variable counts as unset', () => {
    expect(parseSettings({ PORT: '', DATABASE_URL: '' })).toEqual(parseSettings({}))
  })

  test.each([
    [{ PORT: 'http' }, 'PORT is "http", but must be a number from 0 to 65535.'],
    [{ PORT: '65536' }, 'PORT is "65536", but must be a number from 0 to 65535.'],
    [
      { HOST: 'not a host' },
      'HOST is "not a host", but must be an address or a host name, such as 127.0.0.1 or 0.0.0.0.',
    ],
    [{ TIDEMILL_HOUSE_DEVICE: 'no' }, 'TIDEMILL_HOUSE_DEVICE is "no", but must be on or off.'],
  ])('error: %o', (environment, message) => {
    expect(() => parseSettings(environment)).toThrow(message)
  })

  test('error: a database URL is refused without being shown', () => {
    expect(() => parseSettings({ DATABASE_URL: 'mysql://root:secret@host/db' })).toThrow(/DATABASE_URL/)
    expect(() => parseSettings({ DATABASE_URL: 'mysql://root:secret@host/db' })).not.toThrow(/secret/)
  })
})
