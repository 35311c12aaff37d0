import type { TaskState } from './task.ts'

export interface AcceptedOutput {
  readonly digest: string
  readonly output: Uint8Array
}

/** What was accepted, with its bytes. @returns undefined where nothing was, or where the bytes are not in memory */
export function acceptedOutput({ judgement, votes }: TaskState): AcceptedOutput | undefined {
  if (judgement.state !== 'accepted') return undefined
  const { digest } = judgement
  for (const { ballot, output } of votes)
    if (ballot.kind === 'output' && ballot.digest === digest && output !== undefined) return { digest, output }
  return undefined
}
