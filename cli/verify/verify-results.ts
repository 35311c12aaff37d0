import { manifestName } from '../../protocol/manifest.ts'
import { FilePath } from '../../protocol/program.ts'
import { createLayoutCheck, measure } from './layout-check.ts'
import { type ExpectedFile, type LoadedManifest, loadManifest } from './load-manifest.ts'
import { createMergeCheck } from './merge-check.ts'
import { createReport, type ReportWriter, type VerifyReport } from './report.ts'
import { openZip, UnreadableResultsError, type ZipFile } from './zip-file.ts'

/** More than any output has. */
const outputBytesMost = 64 << 20
const stored = 0

/** What is checked of results beside the files: with the server that they came from, say. */
export type Compare = (manifest: LoadedManifest, report: ReportWriter) => Promise<void>

const plural = (count: bigint | number | string, one: string, many: string): string =>
  `${count} ${`${count}` === '1' ? one : many}`

function describeCounts({ head, tail, counts, failures }: LoadedManifest, report: ReportWriter): void {
  const { accepted, failed, disputed } = counts
  const missing = BigInt(head.job.tasks) - accepted - failed - disputed
  const said = tail.counts
  if (
    `${accepted} ${failed} ${disputed} ${missing}` !==
    `${said.accepted} ${said.failed} ${said.disputed} ${said.missing}`
  )
    report.problem(`${manifestName} does not have as many tasks as it says.`)
  if (missing > 0n)
    report.note(
      `${plural(missing, 'task is', 'tasks are')} not accounted for: without a verdict, or with one that the server did not show yet when this was downloaded.`,
    )
  if (disputed > 0n) report.note(`${plural(disputed, 'task is', 'tasks are')} disputed: no answer was agreed on.`)
  if (failed > 0n) report.note(`${plural(failed, 'task', 'tasks')} failed. ${failures.join(' ')}`)
}

async function checkFiles(zip: ZipFile, manifest: LoadedManifest, report: ReportWriter): Promise<void> {
  const { head, files } = manifest
  const layout = createLayoutCheck(zip, report)
  const merge = createMergeCheck(head, report)
  const seen = new Set<string>()
  let whole = 0

  /** @returns what is wrong with a file, or nothing */
  async function checkFile(
    entry: { uncompressedSize: number },
    parts: AsyncIterable<Uint8Array>,
    expected: ExpectedFile,
  ): Promise<string | undefined> {
    if (entry.uncompressedSize !== expected.bytes)
      return `has ${entry.uncompressedSize} bytes, and should have ${expected.bytes}`
    const output: Uint8Array[] | undefined =
      merge.wantsOutputs && expected.index !== undefined && expected.bytes <= outputBytesMost ? [] : undefined
    try {
      const found = await measure(parts, expected.bytes, part => output?.push(part))
      if (found.bytes !== expected.bytes) return `does not have its ${expected.bytes} bytes`
      if (found.digest !== expected.digest) return `has the SHA-256 ${found.digest}, and should have ${expected.digest}`
    } catch (error) {
      return `cannot be unpacked: ${(error as Error).message}`
    }
    if (expected.index !== undefined) merge.add(expected.index, output && Buffer.concat(output))
    return undefined
  }

  for await (const entry of zip.entries()) {
    const path = entry.filename
    const start = await layout.begin({ path, bytes: entry.uncompressedSize, crc32: entry.crc32 ?? 0 })
    if (seen.has(path)) {
      report.problem(`${JSON.stringify(path)} is in the zip twice.`)
      continue
    }
    seen.add(path)
    if (path === manifestName) continue
    if (!FilePath.safeParse(path).success) {
      report.problem(
        `The zip has a file named ${JSON.stringify(path)}, which leads out of its folder. Do not unpack it.`,
      )
      continue
    }
    const expected = files.get(path)
    if (expected === undefined) {
      report.problem(`${path} is not in ${manifestName}: it is no result of this job.`)
      continue
    }
    const isPlain = start !== undefined && entry.compressionMethod === stored && !entry.encrypted
    const parts = isPlain ? zip.readRaw(start, entry.uncompressedSize) : zip.read(entry)
    const wrong = await checkFile(entry, parts, expected)
    if (wrong === undefined) whole++
    else {
      report.problem(`${path} ${wrong}.`)
      if (expected.index !== undefined) merge.add(expected.index, undefined)
    }
  }
  for (const path of files.keys()) if (!seen.has(path)) report.problem(`${path} is missing.`)
  await layout.finish()
  merge.finish()
  report.note(
    `${whole} of ${plural(files.size, 'file is', 'files are')} as ${manifestName} says, by length and SHA-256.`,
  )
}

/**
 * Checks results as they were downloaded, without the server that they came from: each file against the manifest, every
 * byte between the files, and the merged answer by making it again.
 *
 * @param path of the zip
 * @param compare further checks, with what the manifest says
 */
export async function verifyResults(path: string, compare?: Compare): Promise<VerifyReport> {
  const report = createReport()
  try {
    const zip = await openZip(path)
    try {
      const manifest = await loadManifest(zip)
      const { id, title, kernelDigest, tasks } = manifest.head.job
      report.note(
        `Results of job ${id}${title === undefined ? '' : ` (${title})`}, ${plural(tasks, 'task', 'tasks')} of the kernel ${kernelDigest}.`,
      )
      describeCounts(manifest, report)
      await checkFiles(zip, manifest, report)
      await compare?.(manifest, report)
    } finally {
      await zip.close()
    }
  } catch (error) {
    if (!(error instanceof UnreadableResultsError)) throw error
    report.problem(error.message)
  }
  return report.finish()
}
