import { useMemo } from 'react'
import { fromBase64Url } from '../../protocol/bytes.ts'
import { jobViewLimits } from '../../protocol/job-views.ts'
import { Section } from '../components/Section.tsx'
import { useJobMessages } from '../messages/use-job-messages.ts'
import { outputPreview } from './output-preview.ts'
import { Preview } from './Preview.tsx'

/** What a task's accepted output looks like. `output` as the receipt has it. */
export function AcceptedOutput({ kernelId, output }: { kernelId: string; output: string }) {
  const j = useJobMessages()
  const bytes = useMemo(() => fromBase64Url(output), [output])
  const preview = useMemo(() => outputPreview(kernelId, bytes, true), [kernelId, bytes])
  // A page full of text is enough; a picture needs all of its bytes.
  const isCut = preview.kind === 'text' && bytes.length > jobViewLimits.headBytes
  const shown = isCut ? bytes.subarray(0, jobViewLimits.headBytes) : bytes
  return (
    <Section title={j.receipt.outputTitle}>
      <Preview
        name={j.receipt.outputName}
        preview={isCut ? outputPreview(kernelId, shown, false) : preview}
        bytes={shown}
        size={bytes.length}
      />
    </Section>
  )
}
