import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { JobId } from '../../protocol/ids.ts'
import { findKernel } from '../../wasm/kernels.ts'
import { useMessages } from '../messages/use-messages.ts'
import { KernelPicture } from '../pictures/KernelPicture.tsx'
import { jobQuery, jobsQuery } from '../queries/jobs.ts'
import { useVolunteer } from '../volunteer/use-volunteer.ts'
import { jobTitle } from './job-title.ts'
import { Loaded } from './Loaded.tsx'
import { Section } from './Section.tsx'
import { runningJobs } from './shown-jobs.ts'

/** What the network has found in the jobs that this device works on: one picture at a time, chosen by name. */
export function JobPictures() {
  const { t, language } = useMessages()
  const view = useVolunteer()
  // An uploaded program has no picture, so there is nothing of it to choose.
  const jobs = runningJobs(useQuery(jobsQuery()).data?.jobs ?? []).filter(job => findKernel(job.kernelId) !== undefined)
  const [chosen, setChosen] = useState<JobId>()
  const running = view.kind === 'present' ? view.state.lanes.find(lane => lane.state === 'running') : undefined
  // The first task decides until somebody chooses: a picture that changes with every task could not be read.
  if (chosen === undefined && jobs.some(({ id }) => id === running?.jobId)) setChosen(running?.jobId)
  const shown = jobs.find(({ id }) => id === chosen)?.id ?? jobs[0]?.id

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
              {jobTitle(t, language, job)}
            </label>
          ))}
        </fieldset>
      )}
      {shown === undefined ? (
        <p className="min-h-96 border-t border-line py-4 text-soft">{t.project.noPicture}</p>
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
