import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Account } from '../protocol/account.ts'
import { createApiClient } from '../protocol/client.ts'
import { startTestServer, type TestServer } from '../server/testing/start-test-server.ts'
import { createNodeVolunteer } from '../workers/node/node-volunteer.ts'

const program = fileURLToPath(new URL('post.ts', import.meta.url))
const geng = fileURLToPath(new URL('../examples/graphs/geng.wasm', import.meta.url))

/** Graphs with 7 vertices by their edges: sequence A008406 of the OEIS. */
const published = [1, 1, 2, 5, 10, 21, 41, 65, 97, 131, 148, 148, 131, 97, 65, 41, 21, 10, 5, 2, 1, 1]

const job = {
  title: 'Graphs with 7 vertices',
  program: geng,
  arguments: ['-uq', '7', '{index}/4'],
  input: { kind: 'range', from: 0, to: 3 },
  merge: { kind: 'sum' },
}

async function folderWith(jobJson: unknown): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tidemill-post-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'job.json'), JSON.stringify(jobJson))
  return folder
}

/** The command as a process, and all that it says. */
function post({ url }: { readonly url: string }, folder: string, ...args: string[]) {
  const child = spawn(process.execPath, [program, '--server', url, '--key', join(folder, 'key.json'), ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const posted = once(createInterface({ input: child.stdout }), 'line').then(([line]) => String(line))
  const closed = once(child, 'close').then(([code]) => ({ code: code as number, said }))
  return { posted, closed, interrupt: () => child.kill('SIGINT') }
}

/** Two who compute, and are believed. */
async function startVolunteers({ url, database }: TestServer): Promise<void> {
  for (let at = 0; at < 2; at++) {
    const volunteer = createNodeVolunteer({ serverUrl: url })
    onTestFinished(() => volunteer.close())
    const { accountId } = await createApiClient(url).get('/api/account', Account, {
      token: await volunteer.sessionToken(),
    })
    await database.query(
      `insert into records (account_id, kernel_digest, passed, strikes)
       select distinct $1::bigint, kernel_digest, 1000, 0 from jobs`,
      [accountId],
    )
    await volunteer.start({ cores: 1, cpuPercent: 100 })
  }
}

describe('npm run post', () => {
  test('default: posts, is interrupted, comes back, and fetches the checked answer', async () => {
    const server = await startTestServer()
    // Work is that of the posted job alone.
    await server.database.query("update jobs set state = 'canceled'")
    const folder = await folderWith(job)

    const first = post(server, folder, 'job.json', '--yes', '--wait')
    const url = await first.posted
    expect(url).toMatch(new RegExp(`^${server.url}/jobs/\\d+$`))
    first.interrupt()
    const interrupted = await first.closed
    const id = url.split('/').at(-1) ?? ''
    expect(interrupted.code).toBe(130)
    expect(interrupted.said).toContain('Cost: 4 tasks x ')
    expect(interrupted.said).toContain(
      `The job goes on. Come back with: npm run post -- --job ${id} --wait --server ${server.url}`,
    )

    await startVolunteers(server)
    const { code, said } = await post(server, folder, '--job', id, '--out', 'results').closed
    expect(said).toContain('The merged answer is ')
    expect(code).toBe(0)
    const names = await readdir(join(folder, 'results'))
    expect(names).toEqual(expect.arrayContaining(['manifest.json', 'results.zip']))
    const merged = /The merged answer is (\S+): /.exec(said)?.[1] ?? ''
    const answer = await readFile(join(folder, merged), 'utf8')
    expect(answer.trimEnd().split(/\s+/).map(Number)).toEqual(published)
  }, 120_000)

  test.each([
    [{ title: 'x' }, 'expected either "program"'],
    [{ ...job, program: 'none.wasm' }, 'none.wasm cannot be read: there is no such file.'],
    [{ ...job, program: 'job.json' }, 'job.json cannot be posted. The module is not well-formed WebAssembly'],
    [{ ...job, arguments: ['{form}'] }, 'The arguments have {form}. This job knows {index}, {from}, {to}'],
    [{ ...job, input: { kind: 'range', from: 3, to: 1 } }, 'expected the first number not to be after the last'],
    [{ ...job, input: { kind: 'lines', file: 'none.txt' } }, 'none.txt cannot be read: there is no such file.'],
    [{ ...job, input: { kind: 'files', files: ['*.pdb'] } }, '"*.pdb" names no file in '],
    [{ ...job, input: { kind: 'archive', file: 'job.json' } }, 'The file is no archive that can be read here'],
  ])('error: a job.json like %j is refused by a sentence, with exit code 2', async (jobJson, sentence) => {
    const server = await startTestServer()
    const { code, said } = await post(server, await folderWith(jobJson), 'job.json', '--yes').closed
    expect(said).toContain(sentence)
    expect(code).toBe(2)
    const { rows } = await server.database.query('select 1 from jobs where account_id is not null')
    expect(rows).toEqual([])
  })

  test('error: a program whose tasks fail is not posted, and its log is shown', async () => {
    const server = await startTestServer()
    const folder = await folderWith({ ...job, arguments: ['-uq', '7', '{index}/2'] })
    const { code, said } = await post(server, folder, 'job.json', '--yes').closed
    expect(said).toMatch(/Task \d failed, as it would on every device: The program exited with code 1\./)
    expect(said).toContain('>E geng: must have 0 <= res < mod')
    expect(code).toBe(1)
  })

  test('error: a server that takes no jobs, none that answers, and nobody who could be asked', async () => {
    const server = await startTestServer({ sponsoredJobs: false })
    const folder = await folderWith(job)
    const off = await post(server, folder, 'job.json', '--yes').closed
    expect(off).toMatchObject({ code: 1, said: expect.stringContaining('This server takes no jobs.') })
    await server.stop()
    const gone = await post(server, folder, 'job.json', '--yes').closed
    expect(gone).toMatchObject({ code: 1, said: expect.stringContaining('No answer from ') })
    const unasked = await post(server, folder, 'job.json').closed
    expect(unasked).toMatchObject({ code: 2, said: expect.stringContaining('say --yes to post without asking') })
  })
})
