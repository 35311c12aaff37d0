import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fromBase64Url } from '../../protocol/bytes.ts'
import { signedText } from '../../protocol/devices.ts'
import { publicKeyOf, sign } from '../device-key.ts'
import { createKeyFile, KeyFileError } from './key-file.ts'

describe('createKeyFile', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tidemill-key-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  test('default', async () => {
    const file = join(folder, 'key.json')
    expect(await createKeyFile(file).find()).toBeUndefined()
    const made = await publicKeyOf(await createKeyFile(file).findOrCreate())
    const found = await createKeyFile(file).find()
    expect(found && (await publicKeyOf(found))).toBe(made)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
  })

  test('behavior: a key from the file signs what its public half verifies', async () => {
    const file = join(folder, 'key.json')
    await createKeyFile(file).findOrCreate()
    const pair = await createKeyFile(file).findOrCreate()
    const text = signedText('a challenge')
    const signature = fromBase64Url(await sign(pair, text))
    const publicKey = await crypto.subtle.importKey(
      'raw',
      fromBase64Url(await publicKeyOf(pair)),
      { name: 'ECDSA', namedCurve: 'P-256' },
      false,
      ['verify'],
    )
    expect(signature).toHaveLength(64)
    expect(await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, publicKey, signature, text)).toBe(true)
  })

  test('behavior: two that create at once share one key', async () => {
    const file = join(folder, 'key.json')
    const [one, other] = await Promise.all([createKeyFile(file).findOrCreate(), createKeyFile(file).findOrCreate()])
    expect(await publicKeyOf(one)).toBe(await publicKeyOf(other))
  })

  test('error: a file with something else in it', async () => {
    const file = join(folder, 'key.json')
    await writeFile(file, '{"kty":"oct"}')
    await expect(createKeyFile(file).findOrCreate()).rejects.toThrow(KeyFileError)
  })
})
