import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { isLocal, parseSettings } from './settings.ts'

describe('parseSettings', () => {
  test('default', () => {
    expect(parseSettings({})).toEqual({
      host: '127.0.0.1',
      port: 8787,
      dataFolder: resolve('.tidemill'),
      databaseUrl: undefined,
      houseDevice: true,
      trustedProxies: [],
      metrics: undefined,
      logLevel: 'info',
      signupWorkBits: 0,
      blobPlace: { kind: 'folder' },
      sponsoredJobs: true,
    })
  })

  test('behavior: an empty variable counts as unset', () => {
    expect(parseSettings({ PORT: '', DATABASE_URL: '' })).toEqual(parseSettings({}))
  })

  test('behavior: proxies, metrics, the log and the work of a sign-up', () => {
    expect(
      parseSettings({
        TIDEMILL_TRUSTED_PROXIES: 'loopback, 10.1.0.0/16,2001:db8::7',
        METRICS_PORT: '9464',
        METRICS_HOST: '0.0.0.0',
        TIDEMILL_LOG_LEVEL: 'warn',
        TIDEMILL_SIGNUP_WORK_BITS: '14',
      }),
    ).toMatchObject({
      trustedProxies: ['loopback', '10.1.0.0/16', '2001:db8::7'],
      metrics: { host: '0.0.0.0', port: 9464 },
      logLevel: 'warn',
      signupWorkBits: 14,
    })
  })

  test('behavior: metrics are for this machine alone unless told otherwise', () => {
    expect(parseSettings({ METRICS_PORT: '9464' }).metrics).toEqual({ host: '127.0.0.1', port: 9464 })
    expect(parseSettings({ METRICS_HOST: '0.0.0.0' }).metrics).toBeUndefined()
  })

  test('behavior: a server with visitors takes no jobs unless told so', () => {
    expect(parseSettings({ HOST: '0.0.0.0' }).sponsoredJobs).toBe(false)
    expect(parseSettings({ HOST: '0.0.0.0', TIDEMILL_SPONSORED_JOBS: 'on' }).sponsoredJobs).toBe(true)
    expect(parseSettings({ TIDEMILL_SPONSORED_JOBS: 'off' }).sponsoredJobs).toBe(false)
  })

  const keys = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' }

  test('behavior: blobs in a bucket', () => {
    expect(parseSettings({ ...keys, TIDEMILL_BLOBS: 's3://mill', AWS_REGION: 'eu-central-1' }).blobPlace).toEqual({
      kind: 's3',
      bucket: 'mill',
      prefix: '',
      region: 'eu-central-1',
      endpoint: 'https://s3.eu-central-1.amazonaws.com',
      accessKeyId: 'id',
      secretAccessKey: 'secret',
    })
    expect(
      parseSettings({ ...keys, TIDEMILL_BLOBS: 's3://mill/a/b/', AWS_ENDPOINT_URL: 'http://127.0.0.1:9000' }).blobPlace,
    ).toMatchObject({ prefix: 'a/b', region: 'us-east-1', endpoint: 'http://127.0.0.1:9000' })
  })

  test.each([
    [{ TIDEMILL_BLOBS: 'gs://mill' }, /^TIDEMILL_BLOBS is "gs:\/\/mill", but must be folder, or s3:/],
    [{ TIDEMILL_BLOBS: 's3://mill' }, /^AWS_SECRET_ACCESS_KEY is "", but must be set/],
    [{ TIDEMILL_BLOBS: 's3://mill', AWS_SECRET_ACCESS_KEY: 'secret', AWS_ENDPOINT_URL: 'ftp://u:pw@host' }, /URL/],
    [{ TIDEMILL_SPONSORED_JOBS: 'yes' }, 'TIDEMILL_SPONSORED_JOBS is "yes", but must be on or off.'],
  ])('error: %o', (environment, message) => {
    const parse = () => parseSettings({ AWS_ACCESS_KEY_ID: 'id', ...environment })
    expect(parse).toThrow(message)
    expect(parse).not.toThrow(/secret|pw/)
  })

  test.each([
    [{ METRICS_PORT: '-1' }, 'METRICS_PORT is "-1", but must be a number from 0 to 65535.'],
    [{ TIDEMILL_LOG_LEVEL: 'loud' }, 'TIDEMILL_LOG_LEVEL is "loud", but must be one of error, warn, info, debug.'],
    [{ TIDEMILL_SIGNUP_WORK_BITS: '21' }, 'TIDEMILL_SIGNUP_WORK_BITS is "21", but must be a number from 0 to 20.'],
    [{ TIDEMILL_TRUSTED_PROXIES: 'my-proxy' }, /^TIDEMILL_TRUSTED_PROXIES is "my-proxy", but must be addresses/],
    [{ TIDEMILL_TRUSTED_PROXIES: '0.0.0.0/0' }, /^TIDEMILL_TRUSTED_PROXIES is "0.0.0.0\/0", but must be addresses/],
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

describe('isLocal', () => {
  test('default: a server as it starts by itself is its operator’s alone', () => {
    expect(isLocal(parseSettings({}))).toBe(true)
    expect(isLocal(parseSettings({ HOST: '::1' }))).toBe(true)
  })

  test.each([
    { HOST: '0.0.0.0' },
    { HOST: '192.0.2.7' },
    { DATABASE_URL: 'postgresql://localhost/tidemill' },
    { TIDEMILL_TRUSTED_PROXIES: 'loopback' },
  ])('behavior: %o may have visitors', environment => {
    expect(isLocal(parseSettings(environment))).toBe(false)
  })
})
