import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { pageRoutes } from './page.ts'

describe('pageRoutes', () => {
  const text = 'export const mill = 1'
  let folder = ''

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tidemill-page-'))
    await mkdir(join(folder, 'assets'))
    await writeFile(join(folder, 'assets/mill.js'), text)
    await writeFile(join(folder, 'assets/mill.js.gz'), gzipSync(text))
  })
  afterEach(() => rm(folder, { recursive: true }))

  const get = (encodings: string) =>
    pageRoutes(folder).request('/assets/mill.js', { headers: { 'accept-encoding': encodings } })

  test('default: the copy that the build zipped', async () => {
    const answer = await get('gzip, deflate, br')
    expect(answer.headers.get('content-encoding')).toBe('gzip')
    expect(answer.headers.get('content-type')).toContain('text/javascript')
    expect(answer.headers.get('vary')).toBe('Accept-Encoding')
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(new Uint8Array(gzipSync(text)))
  })

  test('behavior: as it is for who takes no zipped one', async () => {
    const answer = await get('identity')
    expect(answer.headers.get('content-encoding')).toBeNull()
    expect(await answer.text()).toBe(text)
  })
})
