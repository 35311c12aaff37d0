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
  -- Chunks below it have been cut.
  next_index     bigint not null default 0,
  created_at     timestamptz not null
);

-- What the results of a job say so far; one row a job, written with the verdicts that it counts.
create table job_progress (
  job_id   bigint primary key references jobs,
  accepted bigint not null default 0,
  disputed bigint not null default 0,
  failed   bigint not null default 0,
  summary  jsonb not null
) with (fillfactor = 50);

-- Work in flight: the tasks lo <= index < hi, held by one server until claimed_until.
create table chunks (
  job_id        bigint not null references jobs,
  lo            bigint not null,
  hi            bigint not null,
  owner         uuid,
  claimed_until timestamptz not null,
  judged        integer not null default 0,
  primary key (job_id, lo)
) with (fillfactor = 70);
create index chunks_open on chunks (claimed_until) where judged < hi - lo;

-- The log: what devices returned. Append-only. A lease is for one replica of a task, and the key lets each replica be
-- returned once: a repeat is harmless, and of two devices that hold a lease of the same replica (one was given back, or
-- forgotten by a killed server) only one has a vote.
create table results (
  job_id      bigint not null,
  index       bigint not null,
  replica     smallint not null,
  account_id  bigint not null,
  device_id   bigint not null,
  -- Keyed hash of the network prefix; 0 where networks are not told apart (loopback).
  network     bigint not null,
  elapsed_ms  integer not null,
  returned_at timestamptz not null,
  -- Of the output; absent where the code failed, and then there is a reason.
  digest      bytea,
  output      bytea,
  failure     text,
  primary key (job_id, index, replica),
  check ((digest is null) = (failure is not null)),
  check ((digest is null) = (output is null))
) with (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0);
create index results_account on results (account_id, returned_at desc);

create table verdicts (
  job_id    bigint not null,
  index     bigint not null,
  state     text not null check (state in ('accepted', 'disputed', 'failed')),
  digest    bytea,
  reason    text,
  judged_at timestamptz not null,
  primary key (job_id, index),
  check ((state = 'accepted') = (digest is not null)),
  check ((state = 'failed') = (reason is not null))
);

-- One row per accepted replica; the key makes a second credit for it impossible.
create table credits (
  job_id        bigint not null,
  index         bigint not null,
  account_id    bigint not null,
  device_id     bigint not null,
  micro_credits bigint not null,
  earned_at     timestamptz not null,
  primary key (job_id, index, account_id)
);
create index credits_account on credits (account_id, earned_at);

-- What the checks of an account on a kernel have said: server/domain/credibility.ts.
create table records (
  account_id    bigint not null,
  kernel_digest bytea not null,
  passed        integer not null,
  strikes       integer not null,
  failed_at     timestamptz,
  primary key (account_id, kernel_digest)
) with (fillfactor = 70);

-- Results and verdicts per minute; one row a server, so that servers never wait for each other's counts.
create table activity (
  minute        timestamptz not null,
  server_id     uuid not null,
  returned      bigint not null default 0,
  accepted      bigint not null default 0,
  micro_credits bigint not null default 0,
  primary key (minute, server_id)
) with (fillfactor = 50);
