import { useEffect, useState } from 'react'
import type { JobDetail } from '../../protocol/jobs.ts'
import { addSample, judgedOf, type Sample } from './estimate-end.ts'

/** What this tab has seen of a job's pace since it runs. `at` is when the job was told. */
export function useSamples(job: JobDetail, at: number): readonly Sample[] {
  const [samples, setSamples] = useState<readonly Sample[]>([])
  const judged = judgedOf(job)
  const isActive = job.state === 'active'
  useEffect(() => {
    setSamples(known => (isActive ? addSample(known, { at, judged }) : []))
  }, [at, judged, isActive])
  return samples
}
