import type { LoggedVote, Report } from '../domain/task.ts'

/**
 * Votes as the log stores them. Entries are blocks one after the other, little-endian; all votes of a block came in one
 * report:
 *
 *     block    accountId 8 | deviceId 8 | network 8 | returnedAt f64 | credibility f64 | votes u16 | vote ...
 *     vote     offset u32 | replica u8 | elapsedMs u32 | kind u8 | said
 *     output   (kind 0) digest 32 | length u32 | bytes
 *     same     (kind 1) replica u8 whose output has the same bytes
 *     failed   (kind 2) length u16 | reason in UTF-8
 */
const kinds = { output: 0, same: 1, failed: 2 } as const
const headBytes = 42
const voteBytes = 10
const digestBytes = 32

type Said = LoggedVote['said']

const sizeOf = (said: Said): number => {
  switch (said.kind) {
    case 'output':
      return voteBytes + digestBytes + 4 + said.output.length
    case 'same':
      return voteBytes + 1
    case 'failed':
      return voteBytes + 2 + Buffer.byteLength(said.reason)
  }
}

/** Writes the votes of one report as a block. */
export function encodeBlock(report: Report, votes: readonly LoggedVote[]): Buffer {
  let size = headBytes
  for (const { said } of votes) size += sizeOf(said)
  const block = Buffer.allocUnsafe(size)
  block.writeBigInt64LE(report.accountId, 0)
  block.writeBigInt64LE(report.deviceId, 8)
  block.writeBigInt64LE(report.network, 16)
  block.writeDoubleLE(report.returnedAt, 24)
  block.writeDoubleLE(report.credibility, 32)
  block.writeUInt16LE(votes.length, 40)
  let at = headBytes
  for (const { offset, replica, elapsedMs, said } of votes) {
    block.writeUInt32LE(offset, at)
    block.writeUInt8(replica, at + 4)
    block.writeUInt32LE(elapsedMs, at + 5)
    block.writeUInt8(kinds[said.kind], at + 9)
    at = writeSaid(block, at + voteBytes, said)
  }
  return block
}

function writeSaid(block: Buffer, at: number, said: Said): number {
  switch (said.kind) {
    case 'output':
      block.write(said.digest, at, digestBytes, 'hex')
      block.writeUInt32LE(said.output.length, at + digestBytes)
      block.set(said.output, at + digestBytes + 4)
      return at + digestBytes + 4 + said.output.length
    case 'same':
      return block.writeUInt8(said.replica, at)
    case 'failed': {
      const length = block.write(said.reason, at + 2)
      block.writeUInt16LE(length, at)
      return at + 2 + length
    }
  }
}

/** Reads the blocks of a row of the log, in their order. Outputs are views on it. @throws {RangeError} where it is none */
export function* decodeEntries(entries: Buffer): Generator<LoggedVote> {
  for (let at = 0; at < entries.length; ) {
    const report = {
      accountId: entries.readBigInt64LE(at),
      deviceId: entries.readBigInt64LE(at + 8),
      network: entries.readBigInt64LE(at + 16),
      returnedAt: entries.readDoubleLE(at + 24),
      credibility: entries.readDoubleLE(at + 32),
    }
    const votes = entries.readUInt16LE(at + 40)
    at += headBytes
    for (let vote = 0; vote < votes; vote++) {
      const [said, end] = readSaid(entries, at + voteBytes, entries.readUInt8(at + 9))
      yield {
        report,
        offset: entries.readUInt32LE(at),
        replica: entries.readUInt8(at + 4),
        elapsedMs: entries.readUInt32LE(at + 5),
        said,
      }
      at = end
    }
  }
}

function readSaid(entries: Buffer, at: number, kind: number): [Said, number] {
  switch (kind) {
    case kinds.output: {
      const start = at + digestBytes + 4
      const end = start + entries.readUInt32LE(at + digestBytes)
      if (end > entries.length) throw new RangeError('An entry of the log ends before its output does.')
      const digest = entries.toString('hex', at, at + digestBytes)
      return [{ kind: 'output', digest, output: entries.subarray(start, end) }, end]
    }
    case kinds.same:
      return [{ kind: 'same', replica: entries.readUInt8(at) }, at + 1]
    case kinds.failed: {
      const end = at + 2 + entries.readUInt16LE(at)
      if (end > entries.length) throw new RangeError('An entry of the log ends before its reason does.')
      return [{ kind: 'failed', reason: entries.toString('utf8', at + 2, end) }, end]
    }
    default:
      throw new RangeError(`An entry of the log has the unknown kind ${kind}.`)
  }
}
