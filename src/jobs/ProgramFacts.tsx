import type { JobFile, ProgramParameters, Split } from '../../protocol/program.ts'
import { Fact } from '../components/Facts.tsx'
import type { JobMessages } from '../messages/job-en.ts'
import { useJobMessages } from '../messages/use-job-messages.ts'

/** Of a sweep's values, those that are named. */
const shownValues = 6

/** What the tasks of an uploaded program are given. */
export function ProgramFacts({ parameters, tasks }: { parameters: ProgramParameters; tasks: string }) {
  const j = useJobMessages()
  const { kind, split, arguments: given, stdin, shared } = parameters
  return (
    <>
      <Fact name={j.about.kind}>{j.about[kind]}</Fact>
      <Fact name={j.about.tasks}>
        {splitText(j, split, tasks)}
        {split.kind === 'sweep' && (
          <ul className="mt-1 text-sm">
            {split.grid.map(({ name, values }) => (
              <li key={name}>
                <code>{name}</code>: {j.about.sweepValues(values.slice(0, shownValues), values.length)}
              </li>
            ))}
          </ul>
        )}
        {split.kind === 'lines' && split.header !== undefined && (
          <span className="block text-sm text-soft">{j.about.header(split.header)}</span>
        )}
      </Fact>
      {kind === 'wasi' && (
        <>
          <Fact name={j.about.arguments}>{given.length === 0 ? j.about.noArguments : <Arguments given={given} />}</Fact>
          <Fact name={j.about.stdin}>{stdin === 'piece' ? j.about.stdinPiece : j.about.stdinEmpty}</Fact>
        </>
      )}
      {shared.length > 0 && (
        <Fact name={j.about.shared}>
          <FileLinks files={shared} />
        </Fact>
      )}
    </>
  )
}

function splitText(j: JobMessages, split: Split, tasks: string): string {
  switch (split.kind) {
    case 'range':
      return j.about.range(split.from, split.to, split.size)
    case 'lines':
      return j.about.lines(split.count)
    case 'files':
      return j.about.files(split.count)
    case 'sweep':
      return j.about.sweep(tasks)
  }
}

/** Each argument by itself: where one ends and the next begins matters. */
export const Arguments = ({ given }: { given: readonly string[] }) => (
  <code className="flex flex-wrap gap-1.5 font-mono text-[0.85em]">
    {given.map((argument, at) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: an argument is its place
      <span key={at} className="min-h-5 min-w-2 rounded bg-well px-1.5 py-0.5 whitespace-pre-wrap">
        {argument}
      </span>
    ))}
  </code>
)

/** Files by name, to be had by their digest. */
export function FileLinks({ files }: { files: readonly JobFile[] }) {
  const j = useJobMessages()
  return (
    <ul className="max-h-60 overflow-y-auto">
      {files.map(({ path, digest, bytes }) => (
        <li key={path}>
          <a href={`/api/blobs/${digest}`} download={path.split('/').at(-1)} className="link inline-block py-1">
            {j.about.file(path, bytes)}
          </a>
        </li>
      ))}
    </ul>
  )
}
