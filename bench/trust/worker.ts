import { parentPort } from 'node:worker_threads'
import { type Order, simulate } from './simulate.ts'

parentPort?.on('message', (order: Order) => parentPort?.postMessage(simulate(order)))
