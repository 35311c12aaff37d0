import { type ComponentType, lazy, Suspense } from 'react'
import type { JobDetail } from '../../protocol/jobs.ts'
import { useMessages } from '../messages/use-messages.ts'

export interface PictureProps {
  readonly job: JobDetail
}

/** A kernel's picture is fetched where it is shown. */
const pictures: Readonly<Record<string, ComponentType<PictureProps>>> = {
  'collatz-records': lazy(async () => ({ default: (await import('./CollatzPicture.tsx')).CollatzPicture })),
  'climate-ebm': lazy(async () => ({ default: (await import('./ClimatePicture.tsx')).ClimatePicture })),
}

/** What a job's accepted results say together, drawn as its kernel's readers expect it. */
export function KernelPicture({ job }: PictureProps) {
  const { t } = useMessages()
  const Picture = pictures[job.kernelId]
  if (Picture === undefined) return <p className="text-soft">{t.project.noPicture}</p>
  if (job.accepted === '0')
    return (
      <p className="grid h-96 place-items-center border-y border-line px-4 text-center text-soft">
        {t.project.pictureEmpty}
      </p>
    )
  return (
    <Suspense fallback={<div className="skeleton h-96" />}>
      <Picture job={job} />
    </Suspense>
  )
}
