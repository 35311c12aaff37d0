import type { KernelDescriptor } from '../protocol/kernel.ts'
import { climateEbm } from './climate-ebm/descriptor.ts'
import { collatzRecords } from './collatz-records/descriptor.ts'

/** The built-in kernels by id, in the order in which people see them. */
export const kernels: Readonly<Record<string, KernelDescriptor>> = {
  [collatzRecords.id]: collatzRecords,
  [climateEbm.id]: climateEbm,
}

/** The descriptor of a built-in kernel; undefined where there is none of that id. */
export const findKernel = (id: string): KernelDescriptor | undefined =>
  Object.hasOwn(kernels, id) ? kernels[id] : undefined
