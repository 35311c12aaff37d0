import { enoughReplicas, expectedReplicas, type Policy } from '../../protocol/jobs.ts'

const number = new Intl.NumberFormat('en', { maximumFractionDigits: 2 })
const small = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 })

export const formatCredits = (credits: number): string => (credits < 1 ? small : number).format(credits)

/** What a job should cost when nobody cheats, as a sum that can be checked. */
export function costOf(tasks: bigint, creditPerTask: number, policy: Policy): string {
  const replicas = expectedReplicas(policy)
  const credits = Number(tasks) * creditPerTask * replicas
  const count = new Intl.NumberFormat('en').format(tasks)
  return `${count} ${tasks === 1n ? 'task' : 'tasks'} x ${formatCredits(creditPerTask)} credits x ${replicas} accounts = ${formatCredits(credits)} credits`
}

/** The budget of a job whose poster named none: enough although only newcomers compute. */
export const defaultBudget = (tasks: bigint, creditPerTask: number, policy: Policy): number =>
  Number(tasks) * creditPerTask * enoughReplicas(policy)
