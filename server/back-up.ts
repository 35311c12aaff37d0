import { chmod, chown, copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { TidemillError } from '../protocol/errors.ts'

/** A data folder cannot be backed up. */
export class BackUpError extends TidemillError {
  override readonly name = 'BackUpError'
}

/** Of the folder `postgres/data`: what a backup must not have, or need not. PostgreSQL makes what is missing anew. */
const leftOut = {
  files: /^(postmaster\.(pid|opts)|pg_internal\.init(\..*)?|pgsql_tmp.*|backup_label|tablespace_map)$/,
  /** Folders that are there, and empty. */
  contents: new Set([
    'pg_wal',
    'pg_replslot',
    'pg_dynshmem',
    'pg_notify',
    'pg_serial',
    'pg_snapshots',
    'pg_stat_tmp',
    'pg_subtrans',
  ]),
}

const code = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code

/** Where we may, the copy belongs to whom the original does: PostgreSQL does not always run as we do. */
async function keepOwner(from: string, to: string): Promise<void> {
  const { uid, gid, mode } = await stat(from)
  await chmod(to, mode & 0o777)
  if (process.getuid?.() === 0) await chown(to, uid, gid)
}

async function copyOne(from: string, to: string): Promise<void> {
  await copyFile(from, to)
  await keepOwner(from, to)
}

/** @param isWanted asked with the name, and whether its folder is the top one */
async function copyFolder(from: string, to: string, isWanted: (name: string, isTop: boolean) => boolean, isTop = true) {
  await mkdir(to)
  await keepOwner(from, to)
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, copy] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory() && isTop && leftOut.contents.has(entry.name)) {
      await mkdir(copy)
      await keepOwner(source, copy)
    } else if (!isWanted(entry.name, isTop)) continue
    else if (entry.isDirectory()) await copyFolder(source, copy, isWanted, false)
    else if (entry.isFile())
      await copyOne(source, copy).catch((error: unknown) => {
        // PostgreSQL has removed it since the folder was read: its log says so too.
        if (code(error) !== 'ENOENT') throw error
      })
  }
}

async function connect(dataFolder: string): Promise<pg.Client> {
  try {
    const password = await readFile(join(dataFolder, 'postgres-password'), 'utf8')
    // Fourth line of PostgreSQL's own lock file: its port.
    const port = Number((await readFile(join(dataFolder, 'postgres/data/postmaster.pid'), 'utf8')).split('\n')[3])
    const client = new pg.Client({ host: '127.0.0.1', port, user: 'tidemill', password, database: 'postgres' })
    await client.connect()
    return client
  } catch (cause) {
    throw new BackUpError(
      `No embedded PostgreSQL runs on ${dataFolder}. A folder whose server is stopped is its own backup: copy it.`,
      { cause },
    )
  }
}

/**
 * PostgreSQL's own way to copy its files while it works ("Making a Base Backup Using the Low-Level API", chapter 25.3
 * of its documentation): its log of what changes meanwhile is kept, and copied last, so that the copy begins with a
 * recovery to the moment at which the backup ended.
 */
async function copyPostgres(client: pg.Client, from: string, to: string): Promise<void> {
  // Of this connection: it goes with it, and until then no part of the log is reused.
  await client.query('select pg_create_physical_replication_slot($1, true, true)', [`tidemill_backup_${process.pid}`])
  const { rows: started } = await client.query<{ file: string }>(
    `select pg_walfile_name(pg_backup_start('tidemill', fast => true)) as file`,
  )
  await copyFolder(from, to, name => !leftOut.files.test(name))
  const { rows: ended } = await client.query<{ file: string; label: string }>(
    'select pg_walfile_name(lsn) as file, labelfile as label from pg_backup_stop(wait_for_archive => false)',
  )
  const [first, last] = [started[0]?.file ?? '', ended[0]?.file ?? '']
  for (const name of (await readdir(join(from, 'pg_wal'))).sort())
    if (/^[0-9A-F]{24}$/.test(name) && name >= first && name <= last)
      await copyOne(join(from, 'pg_wal', name), join(to, 'pg_wal', name))
  await writeFile(join(to, 'backup_label'), ended[0]?.label ?? '', { mode: 0o600 })
  const { uid, gid } = await stat(from)
  if (process.getuid?.() === 0) await chown(join(to, 'backup_label'), uid, gid)
}

/**
 * Copies the data folder of a server that may be at work, with its embedded PostgreSQL. The copy is a data folder: a
 * server that starts on it has everything that was acknowledged before this was called.
 *
 * @param target a folder that is not there yet
 * @throws {BackUpError} where no embedded PostgreSQL runs, or the target is there
 */
export async function backUp(dataFolder: string, target: string): Promise<void> {
  const client = await connect(dataFolder)
  try {
    await mkdir(target, { mode: 0o711 }).catch((cause: unknown) => {
      throw new BackUpError(`The backup needs a folder that is not there yet; ${target} cannot be made.`, { cause })
    })
    await mkdir(join(target, 'postgres'))
    await keepOwner(join(dataFolder, 'postgres'), join(target, 'postgres'))
    await copyPostgres(client, join(dataFolder, 'postgres/data'), join(target, 'postgres/data'))
  } finally {
    await client.end()
  }
  // Programs and keys, after the database that names them: none is ever changed, and what goes was needed by none.
  for (const entry of await readdir(dataFolder, { withFileTypes: true })) {
    const [source, copy] = [join(dataFolder, entry.name), join(target, entry.name)]
    if (entry.name === 'postgres') continue
    if (entry.isDirectory()) await copyFolder(source, copy, () => true)
    else if (entry.isFile()) await copyOne(source, copy)
  }
}
