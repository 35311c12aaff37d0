import { randomUUID } from 'node:crypto'
import S3rver from 's3rver'
import { onTestFinished } from 'vitest'
import type { S3Place } from '../blobs/s3-blobs.ts'
import { createDataFolder } from './data-folder.ts'

/** A store that speaks S3, with one empty bucket; it ends with the test. */
export async function startS3(prefix = 'some/folder'): Promise<S3Place> {
  const bucket = `tidemill-${randomUUID()}`
  const server = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory: await createDataFolder(),
    configureBuckets: [{ name: bucket, configs: [] }],
  })
  const { port } = await server.run()
  onTestFinished(() => server.close())
  const access = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER', region: 'us-east-1' }
  return { bucket, prefix, endpoint: `http://127.0.0.1:${port}`, ...access }
}
