import { useMemo } from 'react'
import { fromBase64Url } from '../../protocol/bytes.ts'
import { type Piece, TaskInput } from '../../protocol/program.ts'
import { DigestText } from '../components/DigestText.tsx'
import { Fact, Facts } from '../components/Facts.tsx'
import { Section } from '../components/Section.tsx'
import { useJobMessages } from '../messages/use-job-messages.ts'
import { Preview } from './Preview.tsx'
import { Arguments, FileLinks } from './ProgramFacts.tsx'
import { previewKind } from './preview-kind.ts'

/** The input of a task of an uploaded program; undefined where the bytes are none. */
function readTaskInput(input: string): TaskInput | undefined {
  try {
    return TaskInput.safeParse(JSON.parse(new TextDecoder().decode(fromBase64Url(input)))).data
  } catch {
    return undefined
  }
}

/** What a task of an uploaded program was given: its arguments, its piece and its files. `input` as the receipt has it. */
export function GivenInput({ input }: { input: string }) {
  const j = useJobMessages()
  const given = useMemo(() => readTaskInput(input), [input])
  if (given === undefined) return undefined
  return (
    <Section title={j.receipt.inputTitle}>
      <Facts>
        {given.kind === 'wasi' && (
          <Fact name={j.receipt.arguments}>
            {given.arguments.length === 0 ? j.about.noArguments : <Arguments given={given.arguments} />}
          </Fact>
        )}
        <Fact name={j.receipt.piece[given.kind]}>
          <PieceText piece={given.piece} />
        </Fact>
        {given.files.length > 0 && (
          <Fact name={j.receipt.files}>
            <FileLinks files={given.files} />
          </Fact>
        )}
      </Facts>
    </Section>
  )
}

function PieceText({ piece }: { piece: Piece }) {
  const j = useJobMessages()
  switch (piece.kind) {
    case 'bytes':
      return <InlinePiece text={piece.bytes} />
    case 'blob':
      return (
        <>
          <a href={`/api/blobs/${piece.digest}`} download className="link inline-block py-1">
            {j.receipt.blob(piece.bytes)}
          </a>
          <br />
          <DigestText digest={piece.digest} />
        </>
      )
    case 'line':
      return (
        <>
          {j.receipt.line(piece.line + 1)}{' '}
          <a href={`/api/blobs/${piece.pack}`} download className="link inline-block py-1">
            <DigestText digest={piece.pack} />
          </a>
          {piece.header !== undefined && (
            <span className="mt-1 block">
              {j.receipt.header} <code className="whitespace-pre-wrap">{piece.header}</code>
            </span>
          )}
        </>
      )
  }
}

function InlinePiece({ text }: { text: string }) {
  const j = useJobMessages()
  const bytes = useMemo(() => fromBase64Url(text), [text])
  if (bytes.length === 0) return j.receipt.nothing
  return <Preview name={j.receipt.inputName} preview={previewKind(bytes, true)} bytes={bytes} size={bytes.length} />
}
