/** Sums of one run. */
export interface Counts {
  tasks: number
  /** Accepted with a wrong answer. */
  wrong: number
  /** Of these, found by a probe later. */
  overturned: number
  /** Right ones that probes made wrong. */
  overturnedRight: number
  disputed: number
  /** Everything that was computed or claimed to be, probes included. */
  executions: number
  probes: number
  honestResults: number
  /** Right results of honest devices that were found wrong. */
  honestRefused: number
  /** The same whose task was disputed: nobody is blamed, nobody paid. */
  honestUnpaid: number
  /** Sum over the cheats of what each gained over an honest device, in tasks' credit, and over how many turns. */
  gained: number
  turns: number
}

export const emptyCounts = (tasks: number): Counts => ({
  tasks,
  wrong: 0,
  overturned: 0,
  overturnedRight: 0,
  disputed: 0,
  executions: 0,
  probes: 0,
  honestResults: 0,
  honestRefused: 0,
  honestUnpaid: 0,
  gained: 0,
  turns: 0,
})
