import type { Job } from '../../protocol/jobs.ts'

/** Share of the judged tasks that ended in agreement; absent while nothing is judged. */
export function agreementOf({ accepted, disputed, failed }: Pick<Job, 'accepted' | 'disputed' | 'failed'>) {
  const judged = Number(accepted) + Number(disputed) + Number(failed)
  return judged === 0 ? undefined : Number(accepted) / judged
}
