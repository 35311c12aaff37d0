import type { CheckRecord } from '../../server/domain/credibility.ts'
import type { Party } from '../../server/domain/task.ts'
import type { Earning } from '../../server/domain/vesting.ts'
import type { Counts } from './counts.ts'
import { honest, type Strategy, scenarios } from './devices.ts'

/** In each turn every device returns what it holds and is given its next lease. */
export const turnMs = 10 * 60_000
const hourMs = 3_600_000
/** What it costs to compute a task, as a share of what it pays. */
const cost = 0.5

export interface Account {
  readonly party: Party
  record: CheckRecord
  /** Returned so far. */
  results: number
  earnings: Earning[]
  /** Earned and not forfeited, in tasks. */
  kept: number
  wasCaught: boolean
}

export interface Device {
  readonly isHonest: boolean
  readonly strategy: Strategy
  readonly network: bigint
  readonly joinsAt: number
  account: Account
  /** Of this device's network. */
  registrations: { readonly at: number; readonly account: Account }[]
  /** By accounts thrown away. */
  keptBefore: number
  computed: number
  /** Index of the task that it computes. */
  holds: number | undefined
}

/** Devices that join in their time; the cheats among them first. */
export function createFleet(input: {
  readonly scenario: string
  /** Of the devices, those that are not honest. */
  readonly share: number
  readonly devices: number
  readonly openAccount: (network: bigint) => Account
  readonly random: () => number
}): Device[] {
  const { scenario, share, devices, openAccount, random } = input
  const found = scenarios.find(({ name }) => name === scenario)
  if (found === undefined) throw new RangeError(`There is no scenario ${scenario}.`)
  const cheats = found.strategies.length === 0 ? 0 : Math.round(devices * share)
  return Array.from({ length: devices }, (_, at): Device => {
    const isHonest = at >= cheats
    const network = BigInt(at + 1)
    const account = openAccount(network)
    const strategy = isHonest ? honest : (found.strategies[at % found.strategies.length] as Strategy)
    const joinsAt = Math.floor((random() * found.joiningHours * hourMs) / turnMs)
    const registrations = [{ at: joinsAt * turnMs, account }]
    return {
      isHonest,
      strategy,
      network,
      joinsAt,
      account,
      registrations,
      keptBefore: 0,
      computed: 0,
      holds: undefined,
    }
  })
}

export function shuffle(devices: Device[], random: () => number): void {
  for (let at = devices.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1))
    const swapped = devices[at] as Device
    devices[at] = devices[other] as Device
    devices[other] = swapped
  }
}

/** What cheats had of it, beside what honest devices of the same run had in the same time. */
export function sumGains(devices: readonly Device[], turns: number): Pick<Counts, 'gained' | 'turns'> {
  const profit = ({ keptBefore, account, computed }: Device) => keptBefore + account.kept - cost * computed
  const sum = (some: readonly Device[], of: (device: Device) => number) =>
    some.reduce((total, device) => total + of(device), 0)
  const present = ({ joinsAt }: Device) => Math.max(0, turns - joinsAt)
  const honestOnes = devices.filter(({ isHonest }) => isHonest)
  const cheats = devices.filter(({ isHonest }) => !isHonest)
  const perTurn = sum(honestOnes, profit) / sum(honestOnes, present)
  const cheatTurns = sum(cheats, present)
  return { gained: sum(cheats, profit) - perTurn * cheatTurns, turns: cheatTurns }
}
