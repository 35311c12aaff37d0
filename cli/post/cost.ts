import { expectedReplicas, type Policy } from '../../protocol/jobs.ts'

const number = new Intl.NumberFormat('en', { maximumFractionDigits: 2 })
const small = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 })

export const formatCredits = (credits: number): string => (credits < 1 ? small : number).format(credits)

export interface Cost {
  /** What the job should cost when nobody cheats. */
  readonly credits: number
  /** The same as a sum that can be checked. */
  readonly sum: string
}

/** What a job costs: its tasks, each computed by so many accounts, at what one of them takes on the reference core. */
export function costOf(tasks: bigint, creditPerTask: number, policy: Policy): Cost {
  const replicas = expectedReplicas(policy)
  const credits = Number(tasks) * creditPerTask * replicas
  const count = new Intl.NumberFormat('en').format(tasks)
  const sum = `${count} ${tasks === 1n ? 'task' : 'tasks'} x ${formatCredits(creditPerTask)} credits x ${replicas} accounts = ${formatCredits(credits)} credits`
  return { credits, sum }
}

/** Room for tasks that take an account more than expected. */
const margin = 1.25

/** The budget of a job whose poster named none. */
export const defaultBudget = (credits: number): number => Math.ceil(credits * margin * 100) / 100
