import { describe, test } from 'vitest'
import { createMemoryStore } from './memory-store.ts'
import { storeContract } from './testing/store-contract.ts'

describe('createMemoryStore', () => {
  for (const { promise, check } of storeContract) test(`behavior: ${promise}`, () => check(createMemoryStore()))
})
