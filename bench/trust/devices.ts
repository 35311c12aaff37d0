import type { Ballot } from '../../server/domain/judge.ts'
import { hash32 } from './random.ts'

/** The right answer of every task. No device sees that it is the same. */
export const right: Ballot = { kind: 'output', digest: 'right' }
/** The one wrong answer that cheats of a ring agree on. */
const shared: Ballot = { kind: 'output', digest: 'shared' }
const guesses: readonly Ballot[] = ['guess-1', 'guess-2', 'guess-3', 'guess-4'].map(digest => ({
  kind: 'output',
  digest,
}))

/** How a device answers. It never knows whether a lease is a probe, who else computes the task, or what they said. */
export interface Strategy {
  /** It throws its account away when a result was rejected, and goes on with a new one. */
  readonly rejoins: boolean
  /** @param results that its present account has returned before @returns what it says, and whether it has computed */
  answer(input: { task: number; results: number; random: () => number }): { ballot: Ballot; computed: boolean }
}

const honestly = { ballot: right, computed: true }
let mistakes = 0

export const honest: Strategy = { rejoins: false, answer: () => honestly }

/** Memory that flips a bit in one result of a hundred: each time another wrong answer. */
const flaky: Strategy = {
  rejoins: false,
  answer: ({ random }) =>
    random() < 0.01 ? { ballot: { kind: 'output', digest: `mistake-${mistakes++}` }, computed: true } : honestly,
}

/** Computes every other task and guesses the rest, among four answers that look likely. */
const lazy: Strategy = {
  rejoins: true,
  answer: ({ random }) =>
    random() < 0.5 ? honestly : { ballot: guesses[Math.floor(random() * guesses.length)] as Ballot, computed: false },
}

/** A ring that agrees on wrong answers for a share of all tasks, chosen by the task, once an account has a record. */
const ring = (goodResults: number, share: number): Strategy => ({
  rejoins: true,
  answer: ({ task, results }) =>
    results >= goodResults && hash32(77, task) < share * 2 ** 32 ? { ballot: shared, computed: false } : honestly,
})

export interface Scenario {
  readonly name: string
  /** Strategies of the cheats; taken in turn. */
  readonly strategies: readonly Strategy[]
  /** Hours within which the fleet joins; 0: everybody at the same moment, and nobody has a record. */
  readonly joiningHours: number
}

const joiningHours = 24

export const scenarios: readonly Scenario[] = [
  { name: 'honest', strategies: [], joiningHours },
  { name: 'flaky', strategies: [flaky], joiningHours },
  { name: 'lazy', strategies: [lazy], joiningHours },
  { name: 'sleepers', strategies: [ring(50, 1)], joiningHours },
  { name: 'colluders', strategies: [ring(0, 1)], joiningHours },
  // The probation over, on an agreed eighth of the tasks: what pays best against a record of ten checks.
  { name: 'colluders-patient', strategies: [ring(10, 1 / 8)], joiningHours },
  // The same against an established record.
  { name: 'colluders-very-patient', strategies: [ring(60, 1 / 40)], joiningHours },
  // Throwaway accounts lie for partners with a long record, on an agreed tenth of the tasks.
  { name: 'colluders-in-two-ranks', strategies: [ring(0, 1 / 10), ring(60, 1 / 10)], joiningHours },
  // The worst first hour: a whole fleet without any record.
  { name: 'sleepers-cold-start', strategies: [ring(50, 1)], joiningHours: 0 },
  { name: 'colluders-cold-start', strategies: [ring(0, 1)], joiningHours: 0 },
]
