// The two-layer energy-balance model of Geoffroy et al. 2013 (Journal of Climate 26, 1841-1857, part I):
//
//   C  dT/dt  = F(t) - lambda T - gamma (T - T0)      surface, shallow sea and air
//   C0 dT0/dt = gamma (T - T0)                        deep ocean
//
// T and T0 in K above the undisturbed climate, t in years, C and C0 in W yr m-2 K-1, lambda and gamma in W m-2 K-1,
// F in W m-2. Integrated in f64 by the classical fourth-order Runge-Kutta scheme with 64 steps a year: the fastest rate
// of a climate within the parameters' ranges is some 1/yr, so that the error stays below 1e-9 K; a closed form exists
// for the two forcings used here (the tests compare with it), but not for those of a later kernel on this core.
//
// An ensemble task draws sets of (lambda, C, C0, gamma, F4x), set i being the same whoever computes it, and runs each
//   - through an abrupt quadrupling of CO2, F = F4x, for 150 years, and
//   - through 1 % more CO2 each year, F = F2x log2(1.01) t with F2x = F4x / 2, for 80 years.
// Equilibrium climate sensitivity: F2x / lambda. Transient climate response: the mean of T over the years 60 to 80 of the
// second run, around year 70, when CO2 has doubled (trapezoidal rule over the steps).
//
// Each parameter is normal with the given mean and spread, drawn again while it is below a quarter of the mean or more
// than 3 spreads above it (after 32 draws: the mean itself). The k-th draw takes numbers 2k and 2k + 1 of the SplitMix64
// stream of the seed, k = (set * 5 + parameter) * 32 + attempt, through the Box-Muller formula.
//
// Input of an ensemble, little endian       Output of an ensemble, little endian
//    0  u32 mode = 0                           0  u32 sets           4  u32 bins = 200
//    4  u32 sets, 1 to 2^24                    8  u64 checksum: all results of all sets, in order, mixed
//    8  u64 seed                              16  8 x i64 sums of T in microkelvin, years 1 2 5 10 20 50 100 150, abrupt
//   16  u64 first set, up to 2^53 - sets      80  201 x u32 sensitivity, bins of 0.05 K, the last: 10 K and more
//   24  5 x (f64 mean, f64 spread)           884  201 x u32 transient response, bins of 0.025 K, the last: 5 K and more
//  104  end                                 1688  end
//
// Input of a single run, little endian      Output of a single run, little endian
//    0  u32 mode = 1 step, 2 ramp (1 %/yr)     0  u32 mode            4  u32 years
//    4  u32 years asked for, 1 to 1000         8  per year: f64 T, f64 T0
//    8  5 x f64 lambda, C, C0, gamma, F
//       (F of the step itself; F2x of a ramp)
//   48  u32 years, increasing, to 10,000
//
// Checkpoint: u64 magic, u32 input length, u32 0, u64 done, T and T0 (single runs), the input, the output so far.
//
// The unit of a budget is a pair of sets, or a year of a single run.
//
// More than 300 lines in one file: the layouts above are one with the code that reads and writes them.

export const tidemill_abi: i32 = 1

const BAD_LENGTH = 1
const BAD_MODE = 2
const BAD_RANGE = 3
const BAD_PARAMETER = 4
const BAD_CHECKPOINT = 5
const NOT_STARTED = -1

const STEPS_PER_YEAR = 64
const STEP: f64 = 1.0 / 64.0
/** log2(1.01) */
const DOUBLINGS_PER_YEAR: f64 = 0.014355292977070041

const ENSEMBLE: u32 = 0
const SINGLE_STEP: u32 = 1
const SINGLE_RAMP: u32 = 2
const ENSEMBLE_INPUT_BYTES: u32 = 104
const SINGLE_HEADER_BYTES: u32 = 48
const SETS_MAX: u32 = 1 << 24
const INDEX_MAX: u64 = 1 << 53
const YEARS_MAX: u32 = 1000
const LAST_YEAR_MAX: u32 = 10_000
const PARAMETERS: u32 = 5
const ATTEMPTS: u32 = 32

const BINS: u32 = 200
const SENSITIVITY_BINS_PER_KELVIN: f64 = 20
const RESPONSE_BINS_PER_KELVIN: f64 = 40
const REPORTED_YEARS = memory.data<u32>([1, 2, 5, 10, 20, 50, 100, 150])
const REPORTED: u32 = 8
const ENSEMBLE_OUTPUT_BYTES: u32 = 1688

const CHECKPOINT_MAGIC: u64 = 0x314d42455f63_6d74
const CHECKPOINT_HEADER_BYTES: u32 = 40
const INPUT_BYTES_MAX: u32 = 48 + 4 * 1000
const INPUT = memory.data(48 + 4 * 1000, 16)
const OUTPUT = memory.data(8 + 16 * 1000, 16)
const SUMS = OUTPUT + 16
const SENSITIVITIES = OUTPUT + 80
const RESPONSES = OUTPUT + 884
const CHECKPOINT = memory.data(40 + 48 + 4 * 1000 + 8 + 16 * 1000, 16)

// The climate that is being integrated, two at once: one lane each.
let rateSurface: v128 = f64x2.splat(0)
let rateExchange: v128 = f64x2.splat(0)
let rateDeep: v128 = f64x2.splat(0)
let push: v128 = f64x2.splat(0)
let pushPerYear: v128 = f64x2.splat(0)
let surface: v128 = f64x2.splat(0)
let deep: v128 = f64x2.splat(0)
/** Sum of T over the steps of the last {@link integrate}, both ends counted half. */
let surfaceSum: v128 = f64x2.splat(0)

// One climate as drawn.
let feedback: f64 = 0
let heatSurface: f64 = 0
let heatDeep: f64 = 0
let exchange: f64 = 0
let forcing: f64 = 0

let started = false
let inputBytes: u32 = 0
let mode: u32 = 0
let done: u32 = 0
let total: u32 = 0

export function alloc(size: u32): usize {
  return heap.alloc(size)
}

export function start(pointer: usize, length: u32): i32 {
  started = false
  const refusal = readInput(pointer, length)
  if (refusal) return refusal
  done = 0
  surface = f64x2.splat(0)
  deep = f64x2.splat(0)
  memory.fill(OUTPUT, 0, outputBytes())
  store<u32>(OUTPUT, mode == ENSEMBLE ? load<u32>(INPUT, 4) : mode)
  store<u32>(OUTPUT, mode == ENSEMBLE ? BINS : load<u32>(INPUT, 4), 4)
  started = true
  return 0
}

export function step(budget: i32): i32 {
  if (!started) return NOT_STARTED
  for (let left = max(budget, 1); left > 0 && done < total; left--) {
    if (mode == ENSEMBLE) runPair(done)
    else runYear(done)
    done++
  }
  return done < total ? 1 : 0
}

export function progress(): f64 {
  return started ? <f64>done / <f64>total : 0
}

export function output(): u64 {
  return ((<u64>OUTPUT) << 32) | outputBytes()
}

export function save(): u64 {
  store<u64>(CHECKPOINT, CHECKPOINT_MAGIC)
  store<u64>(CHECKPOINT, inputBytes, 8)
  store<u64>(CHECKPOINT, done, 16)
  store<f64>(CHECKPOINT, f64x2.extract_lane(surface, 0), 24)
  store<f64>(CHECKPOINT, f64x2.extract_lane(deep, 0), 32)
  memory.copy(CHECKPOINT + CHECKPOINT_HEADER_BYTES, INPUT, inputBytes)
  memory.copy(CHECKPOINT + CHECKPOINT_HEADER_BYTES + inputBytes, OUTPUT, outputBytes())
  return ((<u64>CHECKPOINT) << 32) | (CHECKPOINT_HEADER_BYTES + inputBytes + outputBytes())
}

export function restore(pointer: usize, length: u32): i32 {
  started = false
  if (length < CHECKPOINT_HEADER_BYTES) return BAD_LENGTH
  if (load<u64>(pointer) != CHECKPOINT_MAGIC) return BAD_CHECKPOINT
  const kept = load<u64>(pointer, 8)
  if (kept > length - CHECKPOINT_HEADER_BYTES) return BAD_LENGTH
  const refusal = readInput(pointer + CHECKPOINT_HEADER_BYTES, <u32>kept)
  if (refusal) return refusal
  if (length != CHECKPOINT_HEADER_BYTES + inputBytes + outputBytes()) return BAD_LENGTH
  const past = load<u64>(pointer, 16)
  if (past > total) return BAD_CHECKPOINT
  const keptOutput = pointer + CHECKPOINT_HEADER_BYTES + inputBytes
  if (load<u32>(keptOutput) != (mode == ENSEMBLE ? load<u32>(INPUT, 4) : mode)) return BAD_CHECKPOINT
  if (load<u32>(keptOutput, 4) != (mode == ENSEMBLE ? BINS : load<u32>(INPUT, 4))) return BAD_CHECKPOINT
  done = <u32>past
  surface = f64x2.splat(load<f64>(pointer, 24))
  deep = f64x2.splat(load<f64>(pointer, 32))
  memory.copy(OUTPUT, keptOutput, outputBytes())
  started = true
  return 0
}

function outputBytes(): u32 {
  return mode == ENSEMBLE ? ENSEMBLE_OUTPUT_BYTES : 8 + 16 * load<u32>(INPUT, 4)
}

/** Copies an input that can be worked on to INPUT; otherwise says what is wrong with it. */
function readInput(pointer: usize, length: u32): i32 {
  if (length < 8 || length > INPUT_BYTES_MAX) return BAD_LENGTH
  const count = load<u32>(pointer, 4)
  const asked = load<u32>(pointer)
  if (asked > SINGLE_RAMP) return BAD_MODE
  if (asked == ENSEMBLE) {
    if (length != ENSEMBLE_INPUT_BYTES) return BAD_LENGTH
    const first = load<u64>(pointer, 16)
    if (count < 1 || count > SETS_MAX || first > INDEX_MAX || first + count > INDEX_MAX) return BAD_RANGE
    for (let i: u32 = 0; i < PARAMETERS; i++) {
      const mean = load<f64>(pointer + 24 + i * 16)
      const spread = load<f64>(pointer + 24 + i * 16, 8)
      if (!isWithin(i, mean) || !(spread >= 0 && spread <= mean)) return BAD_PARAMETER
    }
    total = (count + 1) / 2
  } else {
    if (count < 1 || count > YEARS_MAX) return BAD_RANGE
    if (length != SINGLE_HEADER_BYTES + 4 * count) return BAD_LENGTH
    for (let i: u32 = 0; i < PARAMETERS; i++) {
      if (!isWithin(i, load<f64>(pointer + 8 + i * 8))) return BAD_PARAMETER
    }
    let last: u32 = 0
    for (let i: u32 = 0; i < count; i++) {
      const year = load<u32>(pointer + SINGLE_HEADER_BYTES + i * 4)
      if (year > LAST_YEAR_MAX || (i > 0 && year <= last)) return BAD_RANGE
      last = year
    }
    total = last + 1
  }
  mode = asked
  inputBytes = length
  memory.copy(INPUT, pointer, length)
  return 0
}

/** Bounds within which 64 steps a year are stable. NaN and infinity are outside. */
function isWithin(parameter: u32, value: f64): bool {
  if (parameter == 0) return value >= 0.2 && value <= 5
  if (parameter == 1) return value >= 2 && value <= 50
  if (parameter == 2) return value >= 10 && value <= 2000
  if (parameter == 3) return value >= 0.1 && value <= 5
  return value >= 0.5 && value <= 20
}

/** Draws both sets of a pair, runs them and counts their results. */
function runPair(pair: u32): void {
  const sets = load<u32>(INPUT, 4)
  const first = load<u64>(INPUT, 16) + 2 * <u64>pair
  // The second lane of the last pair of an odd number of sets is computed, and not counted.
  draw(first + 1)
  const feedback1 = feedback
  const heatSurface1 = heatSurface
  const heatDeep1 = heatDeep
  const exchange1 = exchange
  const forcing1 = forcing
  draw(first)
  setClimate(
    both(feedback, feedback1),
    both(heatSurface, heatSurface1),
    both(heatDeep, heatDeep1),
    both(exchange, exchange1),
  )
  const isWhole = pair * 2 + 1 < sets
  const abrupt = f64x2.div(both(forcing, forcing1), both(heatSurface, heatSurface1))
  const doubling = f64x2.mul(abrupt, f64x2.splat(0.5))

  push = abrupt
  pushPerYear = f64x2.splat(0)
  surface = f64x2.splat(0)
  deep = f64x2.splat(0)
  let year: u32 = 0
  for (let i: u32 = 0; i < REPORTED; i++) {
    const next = load<u32>(REPORTED_YEARS + i * 4)
    integrate(year, next)
    year = next
    const at = SUMS + i * 8
    let sum = microkelvin(f64x2.extract_lane(surface, 0))
    if (isWhole) sum += microkelvin(f64x2.extract_lane(surface, 1))
    store<i64>(at, load<i64>(at) + sum)
  }
  const last = surface

  push = f64x2.splat(0)
  pushPerYear = f64x2.mul(doubling, f64x2.splat(DOUBLINGS_PER_YEAR))
  surface = f64x2.splat(0)
  deep = f64x2.splat(0)
  integrate(0, 60)
  integrate(60, 80)
  const response = f64x2.mul(surfaceSum, f64x2.splat(STEP / 20))

  count(forcing / 2 / feedback, f64x2.extract_lane(response, 0), f64x2.extract_lane(last, 0))
  if (isWhole) count(forcing1 / 2 / feedback1, f64x2.extract_lane(response, 1), f64x2.extract_lane(last, 1))
}

function count(sensitivity: f64, response: f64, last: f64): void {
  let checksum = load<u64>(OUTPUT, 8)
  checksum = mix(checksum ^ reinterpret<u64>(sensitivity))
  checksum = mix(checksum ^ reinterpret<u64>(response))
  checksum = mix(checksum ^ reinterpret<u64>(last))
  store<u64>(OUTPUT, checksum, 8)
  increment(SENSITIVITIES, sensitivity * SENSITIVITY_BINS_PER_KELVIN)
  increment(RESPONSES, response * RESPONSE_BINS_PER_KELVIN)
}

function increment(histogram: usize, position: f64): void {
  const at = histogram + (<usize>min(max(position, 0), <f64>BINS) << 2)
  store<u32>(at, load<u32>(at) + 1)
}

function microkelvin(kelvin: f64): i64 {
  return <i64>nearest(kelvin * 1e6)
}

/** One year of a single run; year 0 only reports the beginning. */
function runYear(year: u32): void {
  const value = f64x2.splat(load<f64>(INPUT, 8))
  const heat = f64x2.splat(load<f64>(INPUT, 16))
  setClimate(value, heat, f64x2.splat(load<f64>(INPUT, 24)), f64x2.splat(load<f64>(INPUT, 32)))
  const force = f64x2.div(f64x2.splat(load<f64>(INPUT, 40)), heat)
  push = mode == SINGLE_STEP ? force : f64x2.splat(0)
  pushPerYear = mode == SINGLE_STEP ? f64x2.splat(0) : f64x2.mul(force, f64x2.splat(DOUBLINGS_PER_YEAR))
  if (year > 0) integrate(year - 1, year)
  const years = load<u32>(INPUT, 4)
  for (let i: u32 = 0; i < years; i++) {
    if (load<u32>(INPUT + SINGLE_HEADER_BYTES + i * 4) != year) continue
    store<f64>(OUTPUT + 8 + i * 16, f64x2.extract_lane(surface, 0))
    store<f64>(OUTPUT + 8 + i * 16, f64x2.extract_lane(deep, 0), 8)
  }
}

function both(first: f64, second: f64): v128 {
  return f64x2.replace_lane(f64x2.splat(first), 1, second)
}

function setClimate(lambda: v128, heat: v128, heatBelow: v128, gamma: v128): void {
  rateSurface = f64x2.div(f64x2.add(lambda, gamma), heat)
  rateExchange = f64x2.div(gamma, heat)
  rateDeep = f64x2.div(gamma, heatBelow)
}

/** Advances both lanes from one year to another. */
function integrate(fromYear: u32, toYear: u32): void {
  const h = f64x2.splat(STEP)
  const half = f64x2.splat(STEP / 2)
  const sixth = f64x2.splat(STEP / 6)
  const two = f64x2.splat(2)
  const a = rateSurface
  const b = rateExchange
  const c = rateDeep
  const constant = push
  const slope = pushPerYear
  const slopeHalf = f64x2.mul(slope, half)
  const slopeWhole = f64x2.mul(slope, h)
  let t = surface
  let d = deep
  let sum = f64x2.mul(t, f64x2.splat(0.5))
  const last = toYear * STEPS_PER_YEAR
  for (let i = fromYear * STEPS_PER_YEAR; i < last; i++) {
    // Time from the step's number, not by addition: no drift, and no matter where an earlier call ended.
    const f1 = f64x2.add(constant, f64x2.mul(slope, f64x2.splat(<f64>i * STEP)))
    const f2 = f64x2.add(f1, slopeHalf)
    const f4 = f64x2.add(f1, slopeWhole)
    const k1 = f64x2.add(f64x2.sub(f1, f64x2.mul(a, t)), f64x2.mul(b, d))
    const l1 = f64x2.mul(c, f64x2.sub(t, d))
    const t2 = f64x2.add(t, f64x2.mul(half, k1))
    const d2 = f64x2.add(d, f64x2.mul(half, l1))
    const k2 = f64x2.add(f64x2.sub(f2, f64x2.mul(a, t2)), f64x2.mul(b, d2))
    const l2 = f64x2.mul(c, f64x2.sub(t2, d2))
    const t3 = f64x2.add(t, f64x2.mul(half, k2))
    const d3 = f64x2.add(d, f64x2.mul(half, l2))
    const k3 = f64x2.add(f64x2.sub(f2, f64x2.mul(a, t3)), f64x2.mul(b, d3))
    const l3 = f64x2.mul(c, f64x2.sub(t3, d3))
    const t4 = f64x2.add(t, f64x2.mul(h, k3))
    const d4 = f64x2.add(d, f64x2.mul(h, l3))
    const k4 = f64x2.add(f64x2.sub(f4, f64x2.mul(a, t4)), f64x2.mul(b, d4))
    const l4 = f64x2.mul(c, f64x2.sub(t4, d4))
    t = f64x2.add(t, f64x2.mul(sixth, f64x2.add(f64x2.add(k1, k4), f64x2.mul(two, f64x2.add(k2, k3)))))
    d = f64x2.add(d, f64x2.mul(sixth, f64x2.add(f64x2.add(l1, l4), f64x2.mul(two, f64x2.add(l2, l3)))))
    sum = f64x2.add(sum, t)
  }
  surface = t
  deep = d
  surfaceSum = f64x2.sub(sum, f64x2.mul(t, f64x2.splat(0.5)))
}

function draw(set: u64): void {
  feedback = drawParameter(set, 0)
  heatSurface = drawParameter(set, 1)
  heatDeep = drawParameter(set, 2)
  exchange = drawParameter(set, 3)
  forcing = drawParameter(set, 4)
}

function drawParameter(set: u64, parameter: u32): f64 {
  const mean = load<f64>(INPUT + 24 + parameter * 16)
  const spread = load<f64>(INPUT + 24 + parameter * 16, 8)
  const seed = load<u64>(INPUT, 8)
  const draws = (set * PARAMETERS + parameter) * ATTEMPTS
  for (let attempt: u32 = 0; attempt < ATTEMPTS; attempt++) {
    const at = 2 * (draws + attempt)
    const radius = Math.sqrt(-2 * Math.log(1 - uniform(seed, at)))
    const value = mean + spread * radius * Math.cos(2 * Math.PI * uniform(seed, at + 1))
    if (value >= mean * 0.25 && value <= mean + 3 * spread) return value
  }
  return mean
}

/** Number `at` of the SplitMix64 stream of `seed` (Steele, Lea, Flood 2014), as a multiple of 2^-53 below 1. */
function uniform(seed: u64, at: u64): f64 {
  return <f64>(mix(seed + (at + 1) * 0x9e3779b97f4a7c15) >> 11) * (1.0 / 9007199254740992.0)
}

/** The finaliser of SplitMix64. */
function mix(value: u64): u64 {
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9
  value = (value ^ (value >> 27)) * 0x94d049bb133111eb
  return value ^ (value >> 31)
}
