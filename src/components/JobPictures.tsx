import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { JobId } from '../../protocol/ids.ts'
import type { Job } from '../../protocol/jobs.ts'
import { findKernel } from '../../wasm/kernels.ts'
import { useMessages } from '../messages/use-messages.ts'
import { KernelPicture } from '../pictures/KernelPicture.tsx'
import { jobQuery, jobsQuery } from '../queries/jobs.ts'
import { useVolunteer } from '../volunteer/use-volunteer.ts'
import { Loaded } from './Loaded.tsx'
import { Section } from './Section.tsx'

/** What the network has found in the jobs that this device works on: one picture at a time, chosen by name. */
export function JobPictures() {
  const { t, language } = useMessages()
  const view = useVolunteer()
  const jobs = useQuery(jobsQuery()).data?.jobs ?? []
  const [chosen, setChosen] = useState<JobId>()
  const running = view.kind === 'present' ? view.state.lanes.find(lane => lane.state === 'running') : undefined
  // The first task decides until somebody chooses: a picture that changes with every task could not be read.
  if (chosen === undefined && running !== undefined) setChosen(running.jobId)
  const shown = chosen ?? jobs[0]?.id
  const titleOf = (job: Job) => findKernel(job.kernelId)?.text[language].title ?? job.kernelId

  return (
    <Section title={t.compute.picture}>
      {jobs.length > 1 && (
        <fieldset className="mb-4 flex flex-wrap gap-2">
          <legend className="sr-only">{t.compute.pictureOf}</legend>
          {jobs.map(job => (
            <label
              key={job.id}
              className="flex min-h-11 items-center rounded-full border border-line px-4 text-sm text-soft has-checked:border-tide has-checked:bg-foam has-checked:text-ink has-focus-visible:outline-3 has-focus-visible:outline-offset-2 has-focus-visible:outline-tide"
            >
              <input
                type="radio"
                name="picture"
                className="sr-only"
                checked={job.id === shown}
                onChange={() => setChosen(job.id)}
              />
              {titleOf(job)}
            </label>
          ))}
        </fieldset>
      )}
      {shown === undefined ? (
        <p className="min-h-96 border-t border-line py-4 text-soft">{t.projects.emptyText}</p>
      ) : (
        <JobPicture key={shown} id={shown} />
      )}
    </Section>
  )
}

function JobPicture({ id }: { id: JobId }) {
  const query = useQuery(jobQuery(id))
  return (
    <Loaded query={query} skeleton={<div className="skeleton h-96" />}>
      {job => <KernelPicture job={job} />}
    </Loaded>
  )
}
