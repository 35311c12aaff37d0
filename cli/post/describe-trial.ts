import { fromBase64Url, toHex } from '../../protocol/bytes.ts'
import type { TrialOutcome, TrialSample } from '../../protocol/posting.ts'

const headCharacters = 60

/** Bytes as people read them: as text where they are text, in hexadecimal otherwise. */
export function quoteBytes(base64Url: string): string {
  const bytes = fromBase64Url(base64Url)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return toHex(bytes.subarray(0, headCharacters / 2))
  }
  const isLong = text.length > headCharacters
  return JSON.stringify(text.slice(0, headCharacters)) + (isLong ? '...' : '')
}

export function sampleLine({ index, outputBytes, outputHead, elapsedMs, memoryBytes }: TrialSample): string {
  const megabytes = (memoryBytes / (1 << 20)).toFixed(1)
  return `  task ${index}: ${(elapsedMs / 1000).toFixed(2)} s, ${megabytes} MB of memory, ${outputBytes} bytes of output: ${quoteBytes(outputHead)}`
}

const logOf = (log: string): string => (log === '' ? '' : `\nWhat the program wrote to its log:\n${log.trimEnd()}`)

/** Why no job can be made of a trial, and what to change. */
export function refusalOf(outcome: Exclude<TrialOutcome, { kind: 'passed' }>): string {
  switch (outcome.kind) {
    case 'different':
      return `Two runs of task ${outcome.index} gave different bytes, from byte ${outcome.firstDifference} on: ${quoteBytes(outcome.one)} and ${quoteBytes(outcome.other)}. A result counts when two accounts return the same bytes, so the program must do the same each time; docs/posting.md lists what makes programs differ.`
    case 'failed':
      return `Task ${outcome.index} failed, as it would on every device: ${outcome.reason}${logOf(outcome.log)}`
    case 'refused':
      return `The server does not take this job: ${outcome.reason}`
  }
}
