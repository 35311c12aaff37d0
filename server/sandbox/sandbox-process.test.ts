import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { describe, expect, test, vi } from 'vitest'
import { toBase64Url } from '../../protocol/bytes.ts'
import { assembleKernel } from '../../workers/testing/assemble.ts'

const module = new URL('./sandbox-process.ts', import.meta.url).href

/** A server that has only a sandbox, which runs an endless loop, and tells the sandbox's process id. */
const serverWith = (kernel: string) => `
  const { startSandboxProcess } = await import(${JSON.stringify(module)})
  const sandbox = startSandboxProcess()
  sandbox.run({
    kernel: Buffer.from('${kernel}', 'base64url'),
    input: { kind: 'bytes', bytes: new Uint8Array() },
    memoryCapBytes: 1 << 20, outputCapBytes: 1, timeCapMs: 1e9,
  })
  console.log(sandbox.pid)
`

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe('startSandboxProcess', () => {
  test.each(['SIGKILL', 'SIGTERM'] as const)('behavior: ends with its server, by %s', async signal => {
    const endless = await assembleKernel({ step: 'export function step(budget: i32): i32 { while (true) {} }' })
    const server = spawn(process.execPath, ['--input-type=module', '-e', serverWith(toBase64Url(endless))], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [pid] = await once(createInterface({ input: server.stdout }), 'line')
    expect(isRunning(Number(pid))).toBe(true)
    server.kill(signal)
    await once(server, 'exit')
    await vi.waitFor(() => expect(isRunning(Number(pid))).toBe(false), { timeout: 20_000, interval: 20 })
  })
})
