import { SettingError } from '../setting-error.ts'
import type { S3Place } from './s3-blobs.ts'

/** Where blobs are kept: in the data folder, or in a bucket that all servers share. */
export type BlobPlace = { readonly kind: 'folder' } | ({ readonly kind: 's3' } & S3Place)

const expected = 'folder, or s3://bucket/prefix with names of letters, digits and . - _'

function parseEndpoint(value: string): string {
  const url = URL.parse(value)
  // Not the value itself: it may hold a password.
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.search !== '')
    throw new SettingError('AWS_ENDPOINT_URL', '...', 'a URL such as https://s3.eu-central-1.amazonaws.com')
  return value
}

/**
 * Reads `TIDEMILL_BLOBS` and, for a bucket, the variables that programs for S3 have in common.
 *
 * @param read an environment variable; undefined where it is unset or empty
 * @throws {SettingError} which names no secret
 */
export function parseBlobPlace(read: (name: string) => string | undefined): BlobPlace {
  const place = read('TIDEMILL_BLOBS') ?? 'folder'
  if (place === 'folder') return { kind: 'folder' }
  const [, bucket, prefix = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,62})(?:\/([\w./-]*))?$/.exec(place) ?? []
  if (bucket === undefined) throw new SettingError('TIDEMILL_BLOBS', place, expected)
  const needed = (name: string): string => {
    const value = read(name)
    if (value === undefined) throw new SettingError(name, '', 'set, since TIDEMILL_BLOBS names a bucket')
    return value
  }
  const region = read('AWS_REGION') ?? 'us-east-1'
  return {
    kind: 's3',
    bucket,
    prefix: prefix.split('/').filter(Boolean).join('/'),
    region,
    endpoint: parseEndpoint(read('AWS_ENDPOINT_URL') ?? `https://s3.${region}.amazonaws.com`),
    accessKeyId: needed('AWS_ACCESS_KEY_ID'),
    secretAccessKey: needed('AWS_SECRET_ACCESS_KEY'),
  }
}
