import { ByteReader } from '../../protocol/byte-reader.ts'
import { ByteWriter } from '../../protocol/byte-writer.ts'

/*
 * The bodies of `POST /api/work` as the fleet needs them: `protocol/work-codec.ts` has the layout. A client's codec
 * makes texts and objects of every lease, ten times as much work as this; the fleet shares its cores with what it
 * measures. A server that reads or writes another layout refuses the first report.
 */

/** What the fleet looks at of an answer. All views of it: gone when the next one is received. */
export interface ReadAnswer {
  readonly stored: number
  readonly grant: Uint8Array
  /** Of each lease, in the order of its place in the grant. */
  readonly inputs: readonly Uint8Array[]
}

const bytesOf = { expiry: 16, jobBeforeName: 64, taskIndex: 8 } as const
const requestVersion = 1
const outputKind = 0
/** The output of `collatz-records` that has no records: a step count and their number. */
const outputBytes = 16

/** @throws {MalformedBytesError} */
export function readAnswer(bytes: Uint8Array): ReadAnswer {
  const reader: ByteReader = new ByteReader(bytes)
  reader.uint8('version')
  const stored = reader.uint16('stored')
  reader.take(bytesOf.expiry, 'retryAfterSeconds, expiresAt')
  const grant = reader.take(reader.uint16('grant'), 'grant')
  for (let jobs = reader.uint8('jobs'); jobs > 0; jobs--) {
    reader.take(bytesOf.jobBeforeName, 'jobs')
    reader.take(reader.uint8('jobs.kernelId'), 'jobs.kernelId')
  }
  const inputs: Uint8Array[] = []
  for (let leases = reader.uint8('leases'); leases > 0; leases--) {
    reader.uint8('leases.job')
    reader.take(bytesOf.taskIndex, 'leases.index')
    inputs.push(reader.take(reader.uint32('leases.input'), 'leases.input'))
  }
  reader.end()
  return { stored, grant, inputs }
}

/**
 * Writes the report of all leases of an answer, and asks for as many as `lanes`. The output is what every honest device
 * gives for an input: the input's first eight bytes, as a step count, and no record.
 *
 * @param requestId 16 bytes
 */
export function writeReport({
  requestId,
  lanes,
  grant,
  inputs,
}: {
  readonly requestId: Uint8Array
  readonly lanes: number
} & Pick<ReadAnswer, 'grant' | 'inputs'>): Uint8Array {
  const results = inputs.length
  const writer = new ByteWriter(27 + (results === 0 ? 0 : 3 + grant.length + results * (10 + outputBytes)))
  writer.uint8(requestVersion)
  writer.put(requestId)
  writer.float64(0)
  writer.uint8(lanes)
  if (results === 0) {
    writer.uint8(0)
    return writer.bytes
  }
  writer.uint8(1)
  writer.uint16(grant.length)
  writer.put(grant)
  writer.uint8(results)
  for (let place = 0; place < results; place++) {
    writer.uint8(place)
    writer.uint8(outputKind)
    writer.uint32(1)
    writer.uint32(outputBytes)
    writer.put((inputs[place] as Uint8Array).subarray(0, 8))
    writer.put(noRecords)
  }
  return writer.bytes
}

const noRecords = new Uint8Array(8)
