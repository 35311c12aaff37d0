import type { Digest } from '../../protocol/digest.ts'
import type { StoredBlob } from '../blobs/blob-store.ts'
import type { Queryable } from './database.ts'

const toBytes = (digest: Digest): Buffer => Buffer.from(digest, 'hex')

/** Notes that a blob is about to come, so that one whose server dies is collected too. */
export async function announceBlob(db: Queryable, digest: Digest, now: Date): Promise<void> {
  await db.query(
    `insert into blobs (digest, bytes, created_at) values ($1, 0, $2)
     on conflict (digest) do update set created_at = excluded.created_at`,
    [toBytes(digest), now],
  )
}

/** Bytes that an account has stored. @param except blobs that do not count */
export async function readStoredBytes(
  db: Queryable,
  accountId: bigint,
  except: readonly Digest[] = [],
): Promise<bigint> {
  const { rows } = await db.query<{ used: bigint }>(
    `select coalesce(sum(blobs.bytes), 0)::bigint as used
     from blob_owners join blobs using (digest)
     where blob_owners.account_id = $1 and digest <> all($2::bytea[])`,
    [accountId, except.map(toBytes)],
  )
  return rows[0]?.used ?? 0n
}

/**
 * Notes whose a blob is. Until the end of the transaction nobody collects it; who collected it before has done so when
 * this returns.
 */
export async function ownBlob(
  db: Queryable,
  { accountId, digest, bytes, now }: { accountId: bigint; digest: Digest; bytes: number; now: Date },
): Promise<void> {
  await db.query(
    `insert into blobs (digest, bytes, created_at) values ($1, $2, $3)
     on conflict (digest) do update set bytes = excluded.bytes, created_at = excluded.created_at`,
    [toBytes(digest), bytes, now],
  )
  await db.query(
    `insert into blob_owners (account_id, digest, stored_at) values ($1, $2, $3)
     on conflict (account_id, digest) do update set stored_at = excluded.stored_at`,
    [accountId, toBytes(digest), now],
  )
}

/** Takes blobs from an account; those that are nobody's any more may be collected at once. */
export async function disownBlobs(db: Queryable, accountId: bigint, digests: readonly Digest[]): Promise<void> {
  await db.query('delete from blob_owners where account_id = $1 and digest = any($2::bytea[])', [
    accountId,
    digests.map(toBytes),
  ])
  await db.query(
    `with nobodys as materialized (
       select digest from blobs
       where digest = any($1::bytea[]) and not exists (select from blob_owners where digest = blobs.digest)
       order by digest for no key update)
     update blobs set created_at = 'epoch' from nobodys where blobs.digest = nobodys.digest`,
    [digests.map(toBytes)],
  )
}

/** Keeps blobs of an account for another day. @returns those that it has */
export async function renewBlobs(
  db: Queryable,
  accountId: bigint,
  digests: readonly Digest[],
  now: Date,
): Promise<StoredBlob[]> {
  // The lock is one that the collector respects: a blob that it has chosen is gone before this goes on.
  const { rows } = await db.query<{ digest: Buffer; bytes: bigint }>(
    `with held as materialized (
       select digest, bytes from blobs where digest = any($2::bytea[]) order by digest for key share)
     update blob_owners set stored_at = $3 from held
     where blob_owners.account_id = $1 and blob_owners.digest = held.digest
     returning blob_owners.digest, held.bytes`,
    [accountId, digests.map(toBytes), now],
  )
  return rows.map(({ digest, bytes }) => ({ digest: digest.toString('hex') as Digest, bytes: Number(bytes) }))
}

/**
 * Holds blobs until the end of the transaction, so that a job may be made of them: none is collected meanwhile.
 *
 * @returns those that nobody has stored
 */
export async function holdBlobs(db: Queryable, digests: readonly Digest[]): Promise<Digest[]> {
  const { rows } = await db.query<{ digest: Buffer }>(
    `select digest from blobs
     where digest = any($1::bytea[]) and exists (select from blob_owners where digest = blobs.digest)
     order by digest for key share`,
    [digests.map(toBytes)],
  )
  const held = new Set(rows.map(({ digest }) => digest.toString('hex')))
  return digests.filter(digest => !held.has(digest))
}

/**
 * No job needs it, nobody who stored it has had a trial since $1, and nobody stored it since then. A trial takes only what
 * its account has stored, so that what trials say, which may be megabytes, need not be read.
 */
const isUnused = `
  created_at < $1
  and not exists (select from blob_owners where digest = blobs.digest and stored_at >= $1)
  and not exists (select from job_blobs where digest = blobs.digest)
  and not exists (select from jobs where kernel_digest = blobs.digest)
  and not exists (
    select from blob_owners owner join trials on trials.account_id = owner.account_id and trials.created_at >= $1
    where owner.digest = blobs.digest)`

/** Blobs that nobody has needed since `before`, after the digest `after`, in their order. */
export async function listUnusedBlobs(
  db: Queryable,
  { before, after, limit }: { before: Date; after: Digest | undefined; limit: number },
): Promise<Digest[]> {
  const { rows } = await db.query<{ digest: Buffer }>(
    `select digest from blobs where digest > $2 and ${isUnused} order by digest limit $3`,
    [before, after === undefined ? Buffer.alloc(0) : toBytes(after), limit],
  )
  return rows.map(({ digest }) => digest.toString('hex') as Digest)
}

/**
 * Forgets a blob that is still unused. Until the end of the transaction, whoever stores it anew waits.
 *
 * @returns whether its bytes are to go
 */
export async function forgetUnusedBlob(db: Queryable, digest: Digest, before: Date): Promise<boolean> {
  const { rows: locked } = await db.query('select from blobs where digest = $1 for update skip locked', [
    toBytes(digest),
  ])
  if (locked.length === 0) return false
  // A statement of its own: it sees who has stored or used the blob before the lock was there.
  const { rows } = await db.query(`delete from blobs where digest = $2 and ${isUnused} returning digest`, [
    before,
    toBytes(digest),
  ])
  return rows.length > 0
}
