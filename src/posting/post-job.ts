import type { JobId } from '../../protocol/ids.ts'
import type { Merge } from '../../protocol/jobs.ts'
import { NewJob, PostedJob } from '../../protocol/posting.ts'
import { api } from '../queries/api.ts'
import { connectVolunteer } from '../volunteer/connect.ts'
import type { Draft } from './draft.ts'
import type { DraftStore } from './draft-store.ts'
import type { Terms } from './price.ts'
import { sendBlobs } from './send-blobs.ts'

/** Makes a job of a draft whose check has passed. The server makes one job of one trial, however often it is asked. */
export async function postJob({
  draft,
  terms,
  store,
}: {
  readonly draft: Draft
  readonly terms: Terms
  readonly store: DraftStore
}): Promise<{ readonly id: JobId }> {
  const volunteer = await connectVolunteer()
  const merge = await mergeOf(draft, store, () => volunteer.sessionToken())
  const job = NewJob.parse({
    trial: draft.trial,
    title: draft.title,
    description: draft.description,
    policy: terms.policy,
    budgetCredits: terms.price.budget,
    ...(terms.deadline !== undefined && { deadline: terms.deadline }),
    merge,
  })
  return api.post('/api/jobs', job, PostedJob, { token: await volunteer.sessionToken() })
}

/** A module of the poster's own that merges is stored first. */
async function mergeOf({ terms }: Draft, store: DraftStore, token: () => Promise<string>): Promise<Merge> {
  if (terms.merge !== 'kernel') return { kind: terms.merge }
  const module = terms.mergeModule
  if (module === undefined) throw new TypeError('A merge by a module needs the module.')
  const blobs = [{ digest: module.digest, blob: await store.get(module.file) }]
  await sendBlobs({ blobs, token, signal: new AbortController().signal, onProgress: () => {} })
  return { kind: 'kernel', digest: module.digest }
}
