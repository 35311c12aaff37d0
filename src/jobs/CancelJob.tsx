import { Dialog } from 'radix-ui'
import { useRef } from 'react'
import { Button } from '../components/Button.tsx'
import { useJobMessages } from '../messages/use-job-messages.ts'

interface CancelJobProps {
  readonly isOpen: boolean
  /** Tasks without a verdict. */
  readonly left: string
  readonly onClose: () => void
  readonly onCancel: () => void
}

/** Asks once before a job is called off, and says what that ends. */
export function CancelJob({ isOpen, left, onClose, onCancel }: CancelJobProps) {
  const j = useJobMessages()
  const keep = useRef<HTMLButtonElement>(null)
  const opener = useRef<Element>(undefined)
  return (
    <Dialog.Root open={isOpen} onOpenChange={open => open || onClose()}>
      <Dialog.Portal>
        {/* Radix's own overlay writes a style element, which the page's policy refuses. */}
        <div aria-hidden="true" className="fixed inset-0 z-30 bg-shade" />
        <Dialog.Content
          role="alertdialog"
          data-sheet="open"
          // Whoever presses Enter without reading keeps the job.
          onOpenAutoFocus={event => {
            event.preventDefault()
            opener.current = document.activeElement ?? undefined
            keep.current?.focus()
          }}
          onCloseAutoFocus={event => {
            event.preventDefault()
            if (opener.current instanceof HTMLElement) opener.current.focus()
          }}
          className="fixed inset-x-0 bottom-0 z-30 mx-auto max-h-[94dvh] max-w-lg overflow-y-auto rounded-t-2xl bg-sheet p-5 shadow-2xl outline-none sm:top-1/2 sm:bottom-auto sm:-translate-y-1/2 sm:rounded-2xl sm:p-8"
        >
          <Dialog.Title className="text-2xl font-semibold">{j.cancel.title}</Dialog.Title>
          <Dialog.Description className="mt-2 mb-6 text-soft">{j.cancel.text(left)}</Dialog.Description>
          <div className="flex flex-wrap justify-end gap-3">
            <Button ref={keep} onClick={onClose}>
              {j.cancel.no}
            </Button>
            <Button className="border-alert! text-alert!" onClick={onCancel}>
              {j.cancel.yes}
            </Button>
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
