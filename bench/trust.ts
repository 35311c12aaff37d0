import { availableParallelism, cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import type { Counts } from './trust/counts.ts'
import { scenarios } from './trust/devices.ts'
import type { Order } from './trust/simulate.ts'

/**
 * `npm run bench:trust`: the rules of `server/domain` against fleets of honest devices and cheats. Prints a table, then
 * one line of JSON. `--quick` runs a little of it.
 */
const { values: flags } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    seeds: { type: 'string' },
    tasks: { type: 'string' },
    devices: { type: 'string', default: '500' },
  },
})
const seeds = Number(flags.seeds ?? (flags.quick ? 2 : 10))
const tasks = Number(flags.tasks ?? (flags.quick ? 40_000 : 200_000))
const devices = Number(flags.devices)
const threads = Math.min(2, availableParallelism())
const shares = [0.05, 0.2]

const rows = scenarios.flatMap(({ name, strategies }) =>
  (strategies.length === 0 ? [0] : shares).map(share => ({ name, share, runs: [] as Counts[] })),
)
const orders = rows.flatMap(row =>
  Array.from({ length: seeds }, (_, at) => ({
    row,
    order: { scenario: row.name, share: row.share, seed: at + 1, tasks, devices },
  })),
)

/** One thread, that takes the next order until there is none. */
async function work(): Promise<void> {
  const worker = new Worker(new URL('trust/worker.ts', import.meta.url))
  const run = (order: Order) =>
    new Promise<Counts>((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
      worker.postMessage(order)
    })
  for (let next = orders.shift(); next !== undefined; next = orders.shift()) next.row.runs.push(await run(next.order))
  await worker.terminate()
}

const start = performance.now()
await Promise.all(Array.from({ length: threads }, work))

const percent = (value: number) => `${(100 * value).toFixed(4)} %`
const results = rows.map(({ name, share, runs }) => {
  const sum = (of: keyof Counts) => runs.reduce((total, counts) => total + counts[of], 0)
  return {
    name,
    share,
    wrongRate: sum('wrong') / sum('tasks'),
    worstSeedWrongRate: Math.max(...runs.map(counts => counts.wrong / counts.tasks)),
    foundByProbes: sum('overturned') / Math.max(1, sum('wrong')),
    executionsPerTask: sum('executions') / sum('tasks'),
    honestRefused: sum('honestRefused'),
    honestResults: sum('honestResults'),
    disputed: sum('disputed'),
    cheatGain: sum('turns') === 0 ? 0 : sum('gained') / sum('turns'),
  }
})

console.log(`${cpus()[0]?.model ?? 'unknown processor'}, ${threads} threads, Node.js ${process.version}`)
console.log(
  `${seeds} seeds x ${tasks} tasks, ${devices} devices, ${((performance.now() - start) / 1000).toFixed(0)} s\n`,
)
console.table(
  results.map(row => ({
    scenario: row.name,
    share: `${row.share * 100} %`,
    wrong: percent(row.wrongRate),
    'worst seed': percent(row.worstSeedWrongRate),
    'found later': row.wrongRate === 0 ? '-' : `${(100 * row.foundByProbes).toFixed(0)} %`,
    'executions per task': row.executionsPerTask.toFixed(3),
    'honest refused': `${row.honestRefused} of ${row.honestResults}`,
    disputed: row.disputed,
    'gain of a cheat': row.share === 0 ? '-' : row.cheatGain.toFixed(3),
  })),
)
console.log(JSON.stringify({ scenarios: results }))
