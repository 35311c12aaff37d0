import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { crc32 } from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createSpool } from './spool.ts'

const spools = async () => (await readdir(tmpdir())).filter(name => name.startsWith('tidemill-spool-')).length

describe('createSpool', () => {
  test.each([0, 10, 5000])('default: %i parts come back as they were added', async count => {
    const before = await spools()
    const spool = createSpool()
    onTestFinished(() => spool.close())
    const added = createHash('sha256')
    let sum = 0
    for (let at = 0; at < count; at++) {
      const part = Buffer.alloc(997, at)
      added.update(part)
      sum = crc32(part, sum)
      await spool.add(part)
    }
    expect({ bytes: spool.bytes, crc32: spool.crc32 }).toEqual({ bytes: 997 * count, crc32: sum })
    const found = createHash('sha256')
    for await (const part of spool.read()) found.update(part)
    expect(found.digest('hex')).toBe(added.digest('hex'))
    await spool.close()
    expect(await spools()).toBe(before)
  })
})
