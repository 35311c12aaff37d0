-- Secrets that all servers of one database share: MAC keys for session tokens, leases and pseudonyms.
create table secrets (
  name  text primary key,
  value bytea not null
);

-- A volunteer. Until an address is bound to it, an account is the device key that created it.
create table accounts (
  id         bigint generated always as identity primary key,
  created_at timestamptz not null
);

create table devices (
  id         bigint generated always as identity primary key,
  account_id bigint not null references accounts,
  public_key bytea not null unique,
  -- The operator's own device: gives second opinions and takes no fresh task.
  is_house   boolean not null default false,
  -- Keyed hash of the network prefix it was registered from; 0 where networks are not told apart (loopback).
  network    bigint not null,
  -- Seconds it takes for a second of the reference core, as measured; null until it has returned a result.
  slowness   double precision,
  created_at timestamptz not null,
  seen_at    timestamptz not null
);
create index devices_seen_at on devices (seen_at);
create index devices_network on devices (network, created_at);
create index devices_account on devices (account_id);

-- Challenges that have been answered, until they would have expired anyway.
create table spent_challenges (
  nonce      bytea primary key,
  expires_at timestamptz not null
);

-- A poster's order. A job of a billion tasks is this one row until work on it begins.
create table jobs (
  id             bigint generated always as identity primary key,
  kernel_id      text not null,
  kernel_digest  bytea not null,
  kernel_bytes   integer not null,
  parameters     jsonb not null,
  policy         jsonb not null,
  -- Millionths of a credit; a credit is a second of the reference core.
  micro_credits  bigint not null check (micro_credits > 0),
  task_count     bigint not null check (task_count > 0),
  chunk_size     integer not null check (chunk_size > 0),
  -- A job of weight 2 gets twice the share of one of weight 1.
  weight         real not null default 1 check (weight > 0),
  -- Chunks below it have been cut.
  next_index     bigint not null default 0,
  created_at     timestamptz not null
);

-- What the sealed chunks of a job say together; one row a job.
create table job_progress (
  job_id   bigint primary key references jobs,
  accepted bigint not null default 0,
  disputed bigint not null default 0,
  failed   bigint not null default 0,
  summary  jsonb not null
) with (fillfactor = 50);

-- The tasks lo <= index < hi, held by one server until claimed_until. Counts and summary are what its owner's fold of
-- the log says: absolute values, so that to write them twice changes nothing.
create table chunks (
  job_id        bigint not null references jobs,
  lo            bigint not null,
  hi            bigint not null,
  owner         uuid,
  claimed_until timestamptz not null,
  accepted      integer not null default 0,
  disputed      integer not null default 0,
  failed        integer not null default 0,
  summary       jsonb not null,
  -- All tasks are judged, and the log has become a segment.
  sealed_at     timestamptz,
  primary key (job_id, lo)
) with (fillfactor = 70);
create index chunks_open on chunks (claimed_until) where sealed_at is null;

-- The log of each open chunk: what devices returned, one row a commit. Only the chunk's owner appends; two servers that
-- both believe they own it collide on the key, so that one order of votes is everybody's.
create table log (
  job_id      bigint not null,
  lo          bigint not null,
  seq         integer not null,
  entries     bytea not null,
  primary key (job_id, lo, seq)
) with (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0);
-- Already dense: to try and compress it takes longer than to write it.
alter table log alter entries set storage external;

-- Results that reached a server which does not own their chunk. Its owner moves them to the log.
create table inbox (
  id      bigint generated always as identity primary key,
  job_id  bigint not null,
  lo      bigint not null,
  entries bytea not null
);
create index inbox_chunk on inbox (job_id, lo);
alter table inbox alter entries set storage external;

-- Logs of sealed chunks, compressed (zstd), named by the SHA-256 of these bytes.
create table segments (
  job_id bigint not null,
  lo     bigint not null,
  digest bytea not null,
  bytes  bytea not null,
  primary key (job_id, lo)
);
alter table segments alter bytes set storage external;

-- What an account did in a chunk, and what it earned by it: the ledger. Absolute values, as in chunks.
create table contributions (
  account_id    bigint not null,
  job_id        bigint not null,
  lo            bigint not null,
  returned      integer not null,
  accepted      integer not null,
  rejected      integer not null,
  -- Of tasks that failed or are disputed: nobody is paid, nobody blamed.
  unpaid        integer not null,
  -- Accepted replicas, each at the job's micro_credits.
  micro_credits bigint not null,
  -- Lost again, since a result of the account was found wrong before this had vested.
  forfeited     bigint not null default 0,
  earned_at     timestamptz not null,
  vests_at      timestamptz not null,
  primary key (account_id, job_id, lo)
) with (fillfactor = 70);

-- What the checks of an account on a kernel have said: server/domain/credibility.ts.
create table records (
  account_id    bigint not null,
  kernel_digest bytea not null,
  passed        integer not null,
  strikes       integer not null,
  failed_at     timestamptz,
  primary key (account_id, kernel_digest)
) with (fillfactor = 70);

-- The latest results of each account, for its own eyes.
create table recent_results (
  account_id bigint primary key,
  entries    jsonb not null
) with (fillfactor = 50);

-- Results and verdicts per minute; one row a server, so that servers never wait for each other's counts.
create table activity (
  minute        timestamptz not null,
  server_id     uuid not null,
  returned      bigint not null default 0,
  accepted      bigint not null default 0,
  micro_credits bigint not null default 0,
  primary key (minute, server_id)
) with (fillfactor = 50);
