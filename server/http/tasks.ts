import { Hono } from 'hono'
import * as z from 'zod/mini'
import { parseTaskId, TaskId } from '../../protocol/ids.ts'
import { Receipt } from '../../protocol/tasks.ts'
import { findJob } from '../db/jobs.ts'
import { readReceipt } from '../db/read-receipt.ts'
import { NotFoundError } from '../errors.ts'
import { toReceipt } from '../views.ts'
import { documented, parse } from './route.ts'
import type { Services } from './services.ts'

export const taskRoutes = ({ database, jobKernels, tokens, secrecy, now }: Services) =>
  new Hono().get(
    '/tasks/:id',
    documented({
      tag: 'Tasks',
      summary: 'The public receipt of a task: all that is needed to run it again and compare',
      answer: { schema: Receipt },
      refusals: ['InvalidRequestError', 'NotFoundError'],
    }),
    parse('param', z.object({ id: TaskId })),
    async c => {
      const { id } = c.req.valid('param')
      const { jobId, index } = parseTaskId(id)
      const job = await findJob(database, BigInt(jobId))
      const kernel = job && (await jobKernels.of(job))
      if (job === undefined || kernel === undefined || index >= job.taskCount)
        throw new NotFoundError(`There is no task ${id}.`)
      const conceal = secrecy.concealOf({ jobId: job.id, lo: index, now: now(), state: job.state })
      const task = conceal({ offset: 0, task: await readReceipt(database, job, index) })
      const taskInput = kernel.encodeInput(index)
      return c.json(toReceipt({ job, index, taskInput, task, pseudonym: tokens.pseudonym }))
    },
  )
