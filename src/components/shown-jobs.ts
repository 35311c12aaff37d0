import type { Job } from '../../protocol/jobs.ts'

/** Whether nothing of it is handed out any more, whatever its poster does. */
export const isOver = ({ state }: Pick<Job, 'state'>): boolean => state === 'finished' || state === 'canceled'

/** Jobs whose tasks are handed out, for a list of a few: the operator's first, then what people posted last. */
export function runningJobs(jobs: readonly Job[]): Job[] {
  const running = jobs.filter(({ state }) => state === 'active')
  return [
    ...running.filter(({ posterId }) => posterId === undefined),
    ...running.filter(({ posterId }) => posterId !== undefined).toReversed(),
  ]
}
