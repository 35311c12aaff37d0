import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { startChild } from './start-child.ts'
import { createDataFolder } from './testing/data-folder.ts'
import type { Permissions } from './testing/try-permissions.ts'

const entry = 'server/testing/try-permissions.ts'

/** What a child may do that is given its own code and these folders. */
async function permissionsOf(own: string, folders: readonly string[]): Promise<Permissions> {
  const code = dirname(fileURLToPath(new URL(`../${entry}`, import.meta.url)))
  const child = startChild({ entry, folders: [code, ...folders] })
  child.send(own)
  const [permissions] = (await once(child, 'message')) as [Permissions]
  return permissions
}

describe('startChild', () => {
  test('default', async () => {
    const data = await createDataFolder()
    const own = join(data, 'own')
    await mkdir(own)
    await writeFile(join(own, 'kept'), '')
    await writeFile(join(data, 'secret'), 'a key')
    expect(await permissionsOf(own, [own])).toEqual({ open: ['readOwn', 'writeOwn', 'readCode'], environment: [] })
    expect(await permissionsOf(own, [])).toEqual({ open: ['readCode'], environment: [] })
    expect(await readFile(join(data, 'secret'), 'utf8')).toBe('a key')
  })
})
