import { randomUUID } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Health } from '../protocol/network.ts'
import type { Database } from './db/database.ts'

/** Whoever asks for more than this long has an answer: it does not work. */
const patienceMs = 2000
/** So long a folder that could be written to counts as one that can. */
const folderMs = 5000

export interface HealthAnswer {
  readonly ok: boolean
  /** One sentence for an operator, who may be anybody: no addresses, paths or names of users. */
  readonly detail: string
}

/** Throwing counts as not well, with nothing said about why. */
export type HealthCheck = () => HealthAnswer | Promise<HealthAnswer>

async function answerOf(check: HealthCheck): Promise<HealthAnswer> {
  const { promise, resolve } = Promise.withResolvers<HealthAnswer>()
  const timer = setTimeout(() => resolve({ ok: false, detail: `No answer in ${patienceMs} ms.` }), patienceMs)
  const failed = (): HealthAnswer => ({ ok: false, detail: 'The check itself failed.' })
  try {
    return await Promise.race([promise, Promise.resolve().then(check).catch(failed)])
  } finally {
    clearTimeout(timer)
  }
}

/** What this server needs to do its work, each part asked by whoever knows it. */
export function createHealth() {
  const checks = new Map<string, HealthCheck>()
  let reading: Promise<Health['checks']> | undefined

  async function read(): Promise<Health['checks']> {
    return Promise.all([...checks].map(async ([name, check]) => ({ name, ...(await answerOf(check)) })))
  }

  return {
    /** Adds a part without which work stands. */
    watch: (name: string, check: HealthCheck): void => void checks.set(name, check),
    /** Asks all of them; who asks meanwhile gets the same answers. */
    read(): Promise<Health['checks']> {
      reading ??= read().finally(() => {
        reading = undefined
      })
      return reading
    },
  }
}

export type ServerHealth = ReturnType<typeof createHealth>

export const checkDatabase =
  (database: Database, now: () => number): HealthCheck =>
  async () => {
    const startedAt = now()
    try {
      await database.query('select 1')
      return { ok: true, detail: `PostgreSQL answers in ${now() - startedAt} ms.` }
    } catch {
      const detail = 'PostgreSQL does not answer. Devices keep their results and report them when it is back.'
      return { ok: false, detail }
    }
  }

/** Whether files can be made in a folder: it is there, may be written to, and its disk has room. */
export function checkFolder(folder: string, now: () => number): HealthCheck {
  let wellAt = Number.NEGATIVE_INFINITY
  return async () => {
    const well = { ok: true, detail: 'Programs can be stored.' }
    // Of the future: the clock has been set back since.
    if (Math.abs(now() - wellAt) < folderMs) return well
    const probe = join(folder, `.health-${randomUUID()}`)
    try {
      await mkdir(folder, { recursive: true })
      await writeFile(probe, 'well')
      wellAt = now()
      return well
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? 'unknown'
      return { ok: false, detail: `No program can be stored: the data folder cannot be written to (${code}).` }
    } finally {
      await rm(probe, { force: true }).catch(() => {})
    }
  }
}
