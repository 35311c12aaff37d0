/**
 * A reactor kernel to begin with, in AssemblyScript: it counts the primes of a range. Its input is the piece that a range
 * of whole numbers gives to a reactor; its output is a number in text, so that the answers can be summed.
 */
export const exampleKernel = `// Counts the prime numbers of a range.
//
// Input:  two whole numbers of 64 bits, little endian: the first and the last of the range.
// Output: how many of them are prime, in text.

export const tidemill_abi: i32 = 1

const ANSWER = memory.data(32)

let first: u64 = 0
let last: u64 = 0
let next: u64 = 0
let primes: u64 = 0

/** Where the host may write the input. */
export function alloc(size: i32): i32 {
  return <i32>heap.alloc(size)
}

/** Reads the input. 0: it is good; any other number is an error of this program's own. */
export function start(input: i32, length: i32): i32 {
  if (length != 16) return 1
  first = load<u64>(input)
  last = load<u64>(input, 8)
  if (first > last) return 2
  next = first
  primes = 0
  return 0
}

/** Works for a while: one unit of the budget is one number. 1: there is more to do; 0: done. */
export function step(budget: i32): i32 {
  for (let left = budget; left > 0; left--) {
    if (isPrime(next)) primes++
    if (next == last) return 0
    next++
  }
  return 1
}

/** How much is done, from 0 to 1. */
export function progress(): f64 {
  return <f64>(next - first) / (<f64>(last - first) + 1)
}

/** Where the answer is: the pointer, shifted by 32 bits, and the length. */
export function output(): i64 {
  let end = ANSWER + 32
  let at = end
  let rest = primes
  do {
    store<u8>(--at, <u8>(48 + rest % 10))
    rest /= 10
  } while (rest > 0)
  return (<i64>at << 32) | <i64>(end - at)
}

function isPrime(number: u64): bool {
  if (number < 4) return number > 1
  if (number % 2 == 0 || number % 3 == 0) return false
  for (let divisor: u64 = 5; divisor * divisor <= number; divisor += 6) {
    if (number % divisor == 0 || number % (divisor + 2) == 0) return false
  }
  return true
}
`
