-- Jobs that people post: whose they are, where they stand, what they may cost, what becomes of their outputs.
alter table jobs
  add column account_id    bigint references accounts,
  add column title         text,
  add column description   text,
  add column state         text not null default 'active'
    check (state in ('active', 'paused', 'outOfBudget', 'overdue', 'canceled', 'finished')),
  -- Most that accepted replicas may earn; null: no bound.
  add column budget        bigint check (budget > 0),
  add column deadline      timestamptz,
  add column merge         jsonb not null default '{"kind": "none"}',
  -- Null where there is nothing to merge.
  add column merged        jsonb,
  -- The job whose failed tasks this one runs again, and which: the task i of this job is the task selection[i] of that one.
  add column rerun_of      bigint references jobs,
  add column selection     bigint[],
  -- The trial that it was made of: one trial makes one job.
  add column trial_id      uuid unique;
create index jobs_account on jobs (account_id) where account_id is not null;

-- What each job has paid for is asked every few seconds.
create index contributions_job on contributions (job_id);

-- What people have stored; kernels that came with this version are blobs without a row.
create table blobs (
  digest     bytea primary key,
  bytes      bigint not null,
  created_at timestamptz not null
);

-- Whose quota a blob counts in: everybody's who stored it.
create table blob_owners (
  account_id bigint not null references accounts,
  digest     bytea not null references blobs on delete cascade,
  stored_at  timestamptz not null,
  primary key (account_id, digest)
);

-- Blobs that a job needs as long as it stands.
create table job_blobs (
  job_id bigint not null references jobs,
  digest bytea not null,
  primary key (job_id, digest)
);
create index job_blobs_digest on job_blobs (digest);

-- What the sandbox said of a program and its parameters, for as long as a job may be made of it.
create table trials (
  id         uuid primary key,
  account_id bigint not null references accounts,
  trial      jsonb not null,
  -- Runs that are over, as its server said when it was last heard of.
  done       integer not null default 0,
  seen_at    timestamptz not null,
  -- Null while it runs.
  outcome    jsonb,
  created_at timestamptz not null
);
create index trials_account on trials (account_id, created_at);
