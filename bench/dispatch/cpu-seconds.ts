import { readdirSync, readFileSync } from 'node:fs'
import { cpus } from 'node:os'

const ticksPerSecond = 100

interface ProcessStat {
  readonly parent: number
  readonly seconds: number
}

function readStat(pid: string): ProcessStat | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    // Of itself, in user and in kernel mode, and of its children that have ended.
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
    return { parent: Number(fields[1]), seconds: ticks / ticksPerSecond }
  } catch {
    // It has ended meanwhile.
    return undefined
  }
}

/** CPU seconds of a process and its children so far, those that have ended included. Linux only: elsewhere 0. */
export function cpuSeconds(root: number): number {
  let stats: Map<number, ProcessStat>
  try {
    const pids = readdirSync('/proc').filter(name => /^\d+$/.test(name))
    stats = new Map(
      pids.flatMap(pid => {
        const stat = readStat(pid)
        return stat === undefined ? [] : [[Number(pid), stat] as const]
      }),
    )
  } catch {
    return 0
  }
  const isOf = (pid: number): boolean =>
    pid === root || (stats.has(pid) && pid > 1 && isOf(stats.get(pid)?.parent ?? 0))
  return [...stats].filter(([pid]) => isOf(pid)).reduce((sum, [, { seconds }]) => sum + seconds, 0)
}

/** CPU seconds of everything that runs on this machine so far. */
export const machineCpuSeconds = (): number =>
  cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + (user + nice + sys + irq) / 1000, 0)
