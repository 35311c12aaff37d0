import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { postHelp } from './post-flags.ts'
import { volunteerHelp } from './volunteer-flags.ts'

const file = fileURLToPath(new URL('tidemill.ts', import.meta.url))
const tidemill = (...args: string[]) => promisify(execFile)(process.execPath, [file, ...args])

describe('tidemill', () => {
  test('default: each command is the program of that name', async () => {
    expect((await tidemill('volunteer', '--help')).stdout).toBe(volunteerHelp)
    expect((await tidemill('post', '--help')).stdout).toBe(postHelp)
  })

  test('behavior: without a command it says which there are', async () => {
    const { stdout } = await tidemill()
    for (const command of ['serve', 'volunteer', 'post', 'verify']) expect(stdout).toContain(`tidemill ${command} `)
  })

  test('error: a command that there is not', async () => {
    await expect(tidemill('mine')).rejects.toMatchObject({
      code: 2,
      stderr: 'tidemill knows serve, volunteer, post, verify, not "mine".\n',
    })
  })
})
