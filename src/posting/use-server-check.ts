import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { Compare } from '../../protocol/jobs.ts'
import { Trial } from '../../protocol/posting.ts'
import { api } from '../queries/api.ts'
import { trialQuery } from '../queries/trials.ts'
import { connectVolunteer } from '../volunteer/connect.ts'
import { chosenModule } from './draft.ts'
import { usePosting } from './posting-context.ts'
import type { Prepared, PreparedBlob } from './prepared.ts'
import { sendBlobs } from './send-blobs.ts'

export type ServerCheck =
  | { readonly kind: 'idle' }
  | { readonly kind: 'uploading'; readonly sentBytes: number; readonly ofBytes: number }
  | { readonly kind: 'asking' }
  | { readonly kind: 'failed'; readonly error: Error }

/** Sends what the server needs and asks it for a trial; the trial's id goes into the draft. */
export function useServerCheck(): {
  readonly check: ServerCheck
  readonly start: (prepared: Prepared, compare: Compare) => Promise<void>
  readonly cancel: () => void
} {
  const { draft, dispatch, store } = usePosting()
  const client = useQueryClient()
  const [check, setCheck] = useState<ServerCheck>({ kind: 'idle' })
  const aborter = useRef<AbortController>(undefined)
  const module = chosenModule(draft)

  useEffect(() => () => aborter.current?.abort(), [])

  async function blobsOf(prepared: Prepared): Promise<readonly PreparedBlob[]> {
    if (prepared.kind === 'builtIn' || module === undefined) return []
    return [{ digest: module.digest, blob: await store.get(module.file) }, ...prepared.blobs]
  }

  async function start(prepared: Prepared, compare: Compare) {
    aborter.current?.abort()
    const mine = new AbortController()
    aborter.current = mine
    const { signal } = mine
    const show = (next: ServerCheck) => {
      if (!signal.aborted) setCheck(next)
    }
    dispatch({ kind: 'compare', compare })
    show({ kind: 'asking' })
    try {
      const blobs = await blobsOf(prepared)
      const volunteer = await connectVolunteer()
      await sendBlobs({
        blobs,
        token: () => volunteer.sessionToken(),
        signal,
        onProgress: (sentBytes, ofBytes) => show({ kind: 'uploading', sentBytes, ofBytes }),
      })
      show({ kind: 'asking' })
      const token = await volunteer.sessionToken()
      const { kernel, parameters } = prepared
      const trial = await api.post('/api/trials', { kernel, parameters, compare }, Trial, { token, signal })
      if (signal.aborted) return
      client.setQueryData(trialQuery(trial.id).queryKey, trial)
      dispatch({ kind: 'trial', trial: trial.id })
      // Whoever had no account has one now, with what it may post.
      await client.invalidateQueries({ queryKey: ['posting'] })
      show({ kind: 'idle' })
    } catch (cause) {
      show({ kind: 'failed', error: cause instanceof Error ? cause : new Error(String(cause)) })
    }
  }

  const cancel = () => {
    aborter.current?.abort()
    setCheck({ kind: 'idle' })
  }

  return { check, start, cancel }
}
