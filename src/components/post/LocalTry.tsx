import { useQuery } from '@tanstack/react-query'
import { usePostMessages } from '../../messages/use-post-messages.ts'
import { chosenModule } from '../../posting/draft.ts'
import { isRunning } from '../../posting/local-runs.ts'
import { localTask } from '../../posting/local-task.ts'
import { usePosting } from '../../posting/posting-context.ts'
import type { Prepared } from '../../posting/prepared.ts'
import { sampleTasks } from '../../posting/shown-tasks.ts'
import { useLocalRuns } from '../../posting/use-local-runs.ts'
import { jobsQuery } from '../../queries/jobs.ts'
import { Button } from '../Button.tsx'
import { LocalRunRow } from './LocalRunRow.tsx'

/** Runs the first task and two others on this device. Nothing is sent anywhere. */
export function LocalTry({ prepared }: { prepared: Prepared }) {
  const p = usePostMessages()
  const { draft, store } = usePosting()
  const { runs, run, stop } = useLocalRuns()
  const isBuiltIn = prepared.kind === 'builtIn'
  // The digest of a built-in kernel is what the server's own jobs say.
  const jobs = useQuery({ ...jobsQuery(), enabled: isBuiltIn })
  const builtIn = isBuiltIn ? jobs.data?.jobs.find(({ kernelId }) => kernelId === prepared.kernel.id) : undefined
  const isBusy = isRunning(runs)
  const canRun = !isBuiltIn || builtIn !== undefined

  const start = () =>
    run(sampleTasks(prepared.tasks), index =>
      localTask({ store, prepared, index, module: chosenModule(draft), builtInDigest: builtIn?.kernelDigest }),
    )

  return (
    <section aria-labelledby="try-here" className="rounded-xl border border-line bg-sheet p-5 sm:p-7">
      <h3 id="try-here" className="text-xl font-semibold">
        {p.try.here}
      </h3>
      <p className="measure mt-2 mb-5 text-soft">{p.try.hereText}</p>
      {/* One button, which keeps the focus as its meaning changes. */}
      <Button disabled={!isBusy && !canRun} onClick={isBusy ? stop : start}>
        {isBusy ? p.try.stop : runs.length === 0 ? p.try.run : p.try.runAgain}
      </Button>
      {isBuiltIn && !canRun && !jobs.isPending && <p className="mt-3 text-soft">{p.try.noLocalKernel}</p>}
      {runs.length > 0 && (
        <ul className="mt-5">
          {runs.map(one => (
            <LocalRunRow key={`${one.index}`} run={one} />
          ))}
        </ul>
      )}
    </section>
  )
}
