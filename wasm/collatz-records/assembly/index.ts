// Path records of the 3n+1 problem.
//
// The map is C(n) = 3n + 1 for odd n and n / 2 for even n, not halved: 27 climbs to 9232. A path is followed until it
// first falls below its start; what follows is the path of a smaller start. Its glide is the number of applications of
// C until then, its maximum the largest number on the way, the start included. (1 never falls: glide 0, maximum 1.)
//
// A task is a range of starts [from, from + size). Not every start is walked:
//   - below 2^21, all are;
//   - from 2^21 on, those whose class modulo 2^20 does not make them fall within 20 steps of T (T is C with the halving
//     that always follows an odd step taken at once), and that are neither 2 modulo 3 nor 4 modulo 9: 1 in 69.
// No path record is lost by that, wherever the range begins:
//   - A class that falls within 20 steps of T takes at most 12 odd ones before (3^13 > 2^20), so that its maximum is at
//     most 2 (3/2)^12 (n + 1) < 260 (n + 1). The largest m = -1 modulo 2^20 below n climbs 20 times, to more than
//     6649 m, and m >= n - 2^20 >= n / 2: a smaller start has a larger maximum.
//   - 3q + 2 lies on the path of 2q + 1, and 9q + 4 on that of 8q + 3: a smaller start has at least that maximum.
//
// The output holds the records of the range: each walked start whose maximum exceeds those of all walked starts before
// it in the range. Over a range that begins at 1 they are the path records (OEIS A006884, A006885); over a later range
// they are candidates, and merging ranges leaves the true ones. The total glide of the walked starts is the work counter:
// it can't be known without walking them all.
//
// Input, little endian                     Output, little endian
//    0  u64 from, at least 1                  0  u64 total glide of the walked starts
//    8  u64 size, 1 to 2^40                   8  u64 number of records, at most 1024
//   16  end                                  16  per record: u64 start, u128 maximum, both increasing
//       from + size <= 2^63
//
// Checkpoint: u64 magic, u64 from, u64 size, u64 next block, then the output so far.
//
// The unit of a budget is one block: the starts that share n >> 20.
//
// More than 300 lines in one file: the layouts above are one with the code that reads and writes them.

export const tidemill_abi: i32 = 1

const BAD_LENGTH = 1
const BAD_RANGE = 2
const BAD_CHECKPOINT = 3
const NOT_STARTED = -1
/** A path left 128 bits, or a range held more than 1024 records. Below 2^63 neither happens, as far as is known. */
const TOO_LARGE = -2

const CHECKPOINT_MAGIC: u64 = 0x31304c4c4f43_6d74
const INPUT_BYTES: u32 = 16
const HEADER_BYTES: u32 = 16
const RECORD_BYTES: u32 = 24
const RECORDS_MAX: u32 = 1024
const CHECKPOINT_HEADER_BYTES: u32 = 32
const SIZE_MAX: u64 = 1 << 40
const END_MAX: u64 = 1 << 63

const BLOCK_BITS: u64 = 20
const BLOCK: u64 = 1 << BLOCK_BITS
/** Blocks whose starts are all walked. */
const WHOLE_BLOCKS: u64 = 2

// Nine lists of classes to walk, one per remainder of the block's first start modulo 9, so that the loop over a list
// has nothing left to decide; the longest has 15,203 entries. An entry says where twenty steps of T lead: from 2^20 q + residue to power q + landing.
//
//    0  u32 residue     4  u32 power = 3^odd steps     8  u32 landing     12  u32 steps of C = 20 + odd steps
const ENTRY_BYTES: u32 = 16
const LIST_BYTES: u32 = 15232 * ENTRY_BYTES
const LISTS = memory.data(9 * 15232 * 16, 16)
const LIST_ENDS = memory.data(9 * 4, 16)

// 3^i, and the largest factor that it may have below 2^64 (0 where 3^i itself has no room).
const POWERS = memory.data(65 * 8, 16)
const FACTORS = memory.data(65 * 8, 16)

const CHECKPOINT = memory.data(32 + 16 + 1024 * 24, 16)
const OUTPUT = CHECKPOINT + 32

let prepared = false
let started = false
let failed = false
let from: u64 = 0
/** First start after the range. */
let end: u64 = 0
let firstBlock: u64 = 0
let nextBlock: u64 = 0
let endBlock: u64 = 0
let totalGlide: u64 = 0
let records: u32 = 0
let recordLow: u64 = 0
let recordHigh: u64 = 0

export function alloc(size: u32): usize {
  return heap.alloc(size)
}

export function start(pointer: usize, length: u32): i32 {
  started = false
  if (length != INPUT_BYTES) return BAD_LENGTH
  if (!setRange(load<u64>(pointer), load<u64>(pointer, 8))) return BAD_RANGE
  nextBlock = firstBlock
  totalGlide = 0
  records = 0
  recordLow = 0
  recordHigh = 0
  begin()
  return 0
}

export function step(budget: i32): i32 {
  if (!started) return NOT_STARTED
  for (let left = max(budget, 1); left > 0 && nextBlock < endBlock && !failed; left--) {
    walkBlock(nextBlock)
    nextBlock++
  }
  if (failed) return TOO_LARGE
  return nextBlock < endBlock ? 1 : 0
}

export function progress(): f64 {
  return started ? <f64>(nextBlock - firstBlock) / <f64>(endBlock - firstBlock) : 0
}

export function output(): u64 {
  store<u64>(OUTPUT, totalGlide)
  store<u64>(OUTPUT, records, 8)
  return ((<u64>OUTPUT) << 32) | outputBytes()
}

export function save(): u64 {
  store<u64>(CHECKPOINT, CHECKPOINT_MAGIC)
  store<u64>(CHECKPOINT, from, 8)
  store<u64>(CHECKPOINT, end - from, 16)
  store<u64>(CHECKPOINT, nextBlock, 24)
  output()
  return ((<u64>CHECKPOINT) << 32) | (CHECKPOINT_HEADER_BYTES + outputBytes())
}

export function restore(pointer: usize, length: u32): i32 {
  started = false
  if (length < CHECKPOINT_HEADER_BYTES + HEADER_BYTES) return BAD_LENGTH
  if (load<u64>(pointer) != CHECKPOINT_MAGIC) return BAD_CHECKPOINT
  if (!setRange(load<u64>(pointer, 8), load<u64>(pointer, 16))) return BAD_RANGE
  nextBlock = load<u64>(pointer, 24)
  if (nextBlock < firstBlock || nextBlock > endBlock) return BAD_CHECKPOINT
  const kept = pointer + CHECKPOINT_HEADER_BYTES
  const count = load<u64>(kept, 8)
  if (count > RECORDS_MAX) return BAD_CHECKPOINT
  if (length != CHECKPOINT_HEADER_BYTES + HEADER_BYTES + <u32>count * RECORD_BYTES) return BAD_LENGTH
  totalGlide = load<u64>(kept)
  records = <u32>count
  recordLow = 0
  recordHigh = 0
  if (count > 0) {
    const last = kept + outputBytes() - RECORD_BYTES
    recordLow = load<u64>(last, 8)
    recordHigh = load<u64>(last, 16)
  }
  memory.copy(OUTPUT, kept, outputBytes())
  begin()
  return 0
}

function outputBytes(): u32 {
  return HEADER_BYTES + records * RECORD_BYTES
}

function setRange(first: u64, size: u64): bool {
  if (first < 1 || first >= END_MAX || size < 1 || size > SIZE_MAX || first + size > END_MAX) return false
  from = first
  end = first + size
  firstBlock = from >> BLOCK_BITS
  endBlock = (end + BLOCK - 1) >> BLOCK_BITS
  return true
}

function begin(): void {
  if (!prepared) prepare()
  prepared = true
  failed = false
  started = true
}

function prepare(): void {
  let power: u64 = 1
  for (let i: u32 = 0; i < 65; i++) {
    const fits = i <= 40
    store<u64>(POWERS + i * 8, fits ? power : 0)
    store<u64>(FACTORS + i * 8, fits ? u64.MAX_VALUE / power : 0)
    power *= 3
  }
  for (let remainder: u32 = 0; remainder < 9; remainder++) store<u32>(LIST_ENDS + remainder * 4, LISTS + remainder * LIST_BYTES)
  for (let residue: u32 = 0; residue < <u32>BLOCK; residue++) {
    const lowest = WHOLE_BLOCKS * BLOCK + residue
    let n = lowest
    let odd: u32 = 0
    let i: u32 = 0
    for (; i < <u32>BLOCK_BITS; i++) {
      if (n & 1) {
        n += (n >> 1) + 1
        odd++
      } else {
        n >>= 1
      }
      if (n < lowest) break
    }
    if (i < <u32>BLOCK_BITS) continue
    const cube = <u32>load<u64>(POWERS + odd * 8)
    for (let remainder: u32 = 0; remainder < 9; remainder++) {
      const class9 = (remainder + residue) % 9
      if (class9 % 3 == 2 || class9 == 4) continue
      const at = load<u32>(LIST_ENDS + remainder * 4)
      store<u32>(at, residue)
      store<u32>(at, cube, 4)
      store<u32>(at, <u32>(n - WHOLE_BLOCKS * cube), 8)
      store<u32>(at, <u32>BLOCK_BITS + odd, 12)
      store<u32>(LIST_ENDS + remainder * 4, at + ENTRY_BYTES)
    }
  }
}

function walkBlock(block: u64): void {
  const base = block << BLOCK_BITS
  const low = max(base, from)
  const high = min(base + BLOCK, end)
  if (block < WHOLE_BLOCKS) {
    for (let n = low; n < high; n++) walk(n)
    return
  }
  const remainder = <u32>(base % 9)
  const list = LISTS + remainder * LIST_BYTES
  const listEnd = <usize>load<u32>(LIST_ENDS + remainder * 4)
  // Twenty steps of T climb to at most 3326 (n + 1), so that no maximum lies among them once the record is beyond 8192
  // times the range's end.
  const beyond = recordHigh >> 13 != 0 || ((recordHigh << 51) | (recordLow >> 13)) > end
  if (beyond && low == base && high == base + BLOCK) {
    leapBlock(block, list, listEnd)
    return
  }
  for (let at = list; at < listEnd; at += ENTRY_BYTES) {
    const n = base | load<u32>(at)
    if (n >= low && n < high) walk(n)
  }
}

/** Walks the starts of a whole block from where their first twenty steps of T lead. */
function leapBlock(block: u64, list: usize, listEnd: usize): void {
  let glide: u64 = 0
  // A path whose largest odd step stays at or below this is no record; whichever goes beyond is looked at closely.
  let half = halfRecord()
  for (let at = list; at < listEnd; at += ENTRY_BYTES) {
    const begins = (block << BLOCK_BITS) | load<u32>(at)
    let n = block * load<u32>(at, 4) + load<u32>(at, 8)
    let steps: u64 = load<u32>(at, 12)
    let peak: u64 = 0
    // Where the leap itself leaves 64 bits.
    if (block >= load<u64>(FACTORS + (<usize>(steps - BLOCK_BITS) << 3)) - 1) {
      follow(begins, begins, 0)
      half = halfRecord()
      continue
    }
    while (true) {
      const odd = ctz(n + 1)
      const factor = (n + 1) >> odd
      if (factor > load<u64>(FACTORS + (<usize>odd << 3))) {
        follow(begins, n, steps)
        half = halfRecord()
        break
      }
      const top = factor * load<u64>(POWERS + (<usize>odd << 3)) - 1
      peak = max(peak, top)
      const even = ctz(top)
      n = top >> even
      steps += 2 * odd
      if (n < begins) {
        glide += steps + halvingsToFall(top, begins)
        if (peak > half) {
          offer(begins, peak << 1, peak >> 63)
          half = halfRecord()
        }
        break
      }
      steps += even
    }
  }
  totalGlide += glide
}

/** Half the record, as far as 64 bits go. */
function halfRecord(): u64 {
  return recordHigh > 1 ? u64.MAX_VALUE : (recordHigh << 63) | (recordLow >> 1)
}

/** How often `top`, not below `begins`, is halved until it is. */
// @ts-ignore: decorators are AssemblyScript's
@inline
function halvingsToFall(top: u64, begins: u64): u64 {
  const halvings = clz(begins) - clz(top)
  return halvings + u64(top >> halvings >= begins)
}

/** Walks one start from its beginning. */
function walk(begins: u64): void {
  if (begins & 1) {
    if (begins > 1) follow(begins, begins, 0)
    else offer(1, 1, 0)
  } else {
    totalGlide += 1
    offer(begins, begins, 0)
  }
}

// The path as 128 bits, while it needs them.
let wideLow: u64 = 0
let wideHigh: u64 = 0
let widePeakLow: u64 = 0
let widePeakHigh: u64 = 0
let wideSteps: u64 = 0

/** Follows a path from `n` on, with `steps` behind it, among them no maximum: what leaves 64 bits exceeds all before. */
function follow(begins: u64, n: u64, steps: u64): void {
  widePeakLow = 0
  widePeakHigh = 0
  // Whole runs at once: n = 2^odd factor - 1 climbs odd times to 3^odd factor - 1, which is even; then it is halved.
  while (true) {
    const odd = ctz(n + 1)
    const factor = (n + 1) >> odd
    if (factor > load<u64>(FACTORS + (<usize>odd << 3))) {
      wideLow = n
      wideHigh = 0
      wideSteps = steps
      const falls = followWide(begins)
      if (failed) return
      steps = wideSteps
      if (falls) break
      n = wideLow
      continue
    }
    const top = factor * load<u64>(POWERS + (<usize>odd << 3)) - 1
    if (widePeakHigh == 0 && top > widePeakLow) widePeakLow = top
    const even = ctz(top)
    n = top >> even
    steps += 2 * odd
    if (n < begins) {
      steps += halvingsToFall(top, begins)
      break
    }
    steps += even
  }
  totalGlide += steps
  offer(begins, widePeakLow << 1, (widePeakHigh << 1) | (widePeakLow >> 63))
}

/** Follows the wide path until it falls below its start (true) or fits 63 bits again (false). */
function followWide(begins: u64): bool {
  while (true) {
    // At most 20 climbs at once, so that 3^20 fits 32 bits; a longer run goes on in the next round.
    const plusLow = wideLow + 1
    const plusHigh = wideHigh + u64(plusLow == 0)
    const odd = min(<u64>ctz(plusLow), 20)
    wideLow = odd ? (plusLow >> odd) | (plusHigh << (64 - odd)) : plusLow
    wideHigh = plusHigh >> odd
    multiplyWide(load<u64>(POWERS + (<usize>odd << 3)))
    wideHigh -= u64(wideLow == 0)
    wideLow -= 1
    // The step before the first halving is twice that: it, too, must fit.
    if (failed || wideHigh >> 63) {
      failed = true
      return true
    }
    wideSteps += 2 * odd
    if (wideHigh > widePeakHigh || (wideHigh == widePeakHigh && wideLow > widePeakLow)) {
      widePeakLow = wideLow
      widePeakHigh = wideHigh
    }
    const topLow = wideLow
    const topHigh = wideHigh
    const even: u64 = topLow ? ctz(topLow) : 64 + ctz(topHigh)
    shiftWide(even)
    if (wideHigh == 0 && wideLow < begins) {
      wideLow = topLow
      wideHigh = topHigh
      const halvings = topHigh ? clz(begins) + 64 - clz(topHigh) : clz(begins) - clz(topLow)
      shiftWide(halvings)
      wideSteps += halvings + u64(wideLow >= begins)
      return true
    }
    wideSteps += even
    if (wideHigh == 0 && wideLow >> 63 == 0) return false
  }
}

function shiftWide(by: u64): void {
  if (by >= 64) {
    wideLow = wideHigh >> (by - 64)
    wideHigh = 0
  } else if (by > 0) {
    wideLow = (wideLow >> by) | (wideHigh << (64 - by))
    wideHigh >>= by
  }
}

/** Multiplies by less than 2^32. */
function multiplyWide(by: u64): void {
  const mask: u64 = 0xffffffff
  const a = (wideLow & mask) * by
  const b = (wideLow >> 32) * by + (a >> 32)
  const c = (wideHigh & mask) * by + (b >> 32)
  const d = (wideHigh >> 32) * by + (c >> 32)
  if (d >> 32) failed = true
  wideLow = (a & mask) | (b << 32)
  wideHigh = (c & mask) | (d << 32)
}

/** Keeps a start whose maximum exceeds all before. */
function offer(begins: u64, low: u64, high: u64): void {
  if (high < recordHigh || (high == recordHigh && low <= recordLow)) return
  if (records == RECORDS_MAX) {
    failed = true
    return
  }
  recordLow = low
  recordHigh = high
  const at = OUTPUT + outputBytes()
  store<u64>(at, begins)
  store<u64>(at, low, 8)
  store<u64>(at, high, 16)
  records++
}
