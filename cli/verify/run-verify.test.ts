import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { createDataFolder } from '../../server/testing/data-folder.ts'
import { startFinishedJob } from '../../server/testing/finished-job.ts'
import { agreed } from '../../server/testing/votes.ts'

const script = fileURLToPath(new URL('../verify.ts', import.meta.url))

const run = (...args: string[]): Promise<{ code: number; said: string }> =>
  new Promise(resolve => {
    const child = execFile(process.execPath, [script, ...args], (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, said: stdout + stderr }),
    )
  })

describe('npm run verify', () => {
  test('default: says what is whole, and ends with 0; with 1 where something is not', async () => {
    const server = await startFinishedJob({ taskCount: 2n }, [...agreed(0, 'one'), ...agreed(1, 'two')])
    const zip = Buffer.from(await (await fetch(`${server.url}/api/jobs/1/results.zip`)).arrayBuffer())
    const path = join(await createDataFolder(), 'results.zip')
    await writeFile(path, zip)
    const whole = await run(path, '--server', `${server.url}/`)
    expect(whole.said).toContain('All of it is whole.')
    expect(whole.said).toContain('2 of 2 outputs were compared with their receipts')
    expect(whole.code).toBe(0)
    zip[zip.indexOf('two')] = 'T'.charCodeAt(0)
    await writeFile(path, zip)
    const changed = await run(path)
    expect(changed.said).toContain('Not right: outputs/1.txt has the SHA-256')
    expect(changed.code).toBe(1)
  })

  test.each([
    ['npm run verify -- results.zip', []],
    ["Unknown option '--quick'", ['--quick', 'a.zip']],
    ['npm run verify -- results.zip', ['a.zip', 'b.zip']],
    ['npm run verify -- results.zip', ['a.zip', '--server', 'here']],
  ])('error: %s', async (sentence, args) => {
    const { code, said } = await run(...args)
    expect(said).toContain(sentence)
    expect(code).toBe(2)
  })
})
