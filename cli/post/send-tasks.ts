import { openAsBlob } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import type { JobFileDescription } from '../../protocol/job-json.ts'
import { packLines } from '../../protocol/posting/pack-lines.ts'
import { PostingError } from '../../protocol/posting/posting-error.ts'
import { readArchive } from '../../protocol/posting/read-archive.ts'
import { type LinePack, type JobFile as PostedFile, programLimits, type Split } from '../../protocol/program.ts'
import type { LocalFile } from './find-files.ts'
import { JobFileError, unreadable } from './job-file.ts'
import { only, type Sending, sendFile, withFile } from './send-file.ts'

type Lines = Extract<NonNullable<JobFileDescription['input']>, { kind: 'lines' }>

/** The list of a split is a blob too. @throws {JobFileError} where it is too long */
async function sendList(list: readonly (PostedFile | LinePack)[], { uploader, signal }: Sending) {
  const bytes = new TextEncoder().encode(JSON.stringify(list))
  if (bytes.length > programLimits.listBytes)
    throw new JobFileError(
      `The list of ${list.length} names and digests has ${bytes.length} bytes, and may have ${programLimits.listBytes}. Give the files shorter paths, or post more than one job.`,
    )
  return (await uploader.upload(only(bytes), { signal })).digest
}

/** One task for each line of a text, or each record of a table. */
export async function sendLines(path: string, { format, header }: Lines, sending: Sending): Promise<Split> {
  const { uploader, signal, show } = sending
  const kind = format ?? (extname(path).toLowerCase() === '.csv' ? 'csv' : 'text')
  const options = { quoted: kind === 'csv', header: header ?? kind === 'csv' }
  const packs: LinePack[] = []
  let headerText: string | undefined
  let count = 0
  let sentBytes = 0
  await withFile(path, async source => {
    for await (const packed of packLines(source, options)) {
      if (packed.kind === 'header') {
        headerText = packed.text
        continue
      }
      const stored = await uploader.upload(only(packed.bytes), { signal })
      packs.push({ ...stored, lines: packed.lines })
      count += packed.lines
      sentBytes += stored.bytes
      show(`${basename(path)}, ${count} lines`, sentBytes)
    }
  }).catch((cause: unknown) => {
    throw cause instanceof PostingError ? new JobFileError(`${path}: ${cause.message}`, { cause }) : cause
  })
  if (count === 0)
    throw new JobFileError(
      `${path} has no line to make a task of${headerText === undefined ? '' : ': its only one is the header'}.`,
    )
  const list = await sendList(packs, sending)
  return { kind: 'lines', list, count: `${count}`, ...(headerText !== undefined && { header: headerText }) }
}

/** One task for each file. */
export async function sendFiles(files: readonly LocalFile[], sending: Sending): Promise<Split> {
  const sent: PostedFile[] = []
  const show = (path: string, bytes: number) =>
    sending.show(`${path}, file ${sent.length + 1} of ${files.length}`, bytes)
  for (const file of files) sent.push(await sendFile(file, { ...sending, show }))
  return { kind: 'files', list: await sendList(sent, sending), count: `${sent.length}` }
}

/** One task for each file of a zip or a tar. */
export async function sendArchive(path: string, sending: Sending): Promise<Split> {
  const { uploader, signal, show } = sending
  const sent: PostedFile[] = []
  await stat(path).catch((cause: unknown) => {
    throw unreadable(path, cause)
  })
  try {
    for await (const file of readArchive(await openAsBlob(path))) {
      const onProgress = (bytes: number) => show(`${file.path}, file ${sent.length + 1}`, bytes)
      sent.push({ path: file.path, ...(await uploader.upload(file.stream(), { signal, onProgress })) })
    }
  } catch (cause) {
    throw cause instanceof PostingError ? new JobFileError(`${path}: ${cause.message}`, { cause }) : cause
  }
  if (sent.length === 0) throw new JobFileError(`${path} holds no file to make a task of.`)
  return { kind: 'files', list: await sendList(sent, sending), count: `${sent.length}` }
}
