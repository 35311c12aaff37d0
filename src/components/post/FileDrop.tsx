import { type DragEvent, type ReactNode, useId, useState } from 'react'

interface FileDropProps {
  readonly label: string
  readonly hint: ReactNode
  readonly accept?: string
  readonly isMultiple?: boolean
  readonly onFiles: (files: readonly File[]) => void
}

/** Takes files by the file dialog, or dropped upon it. */
export function FileDrop({ label, hint, accept, isMultiple = false, onFiles }: FileDropProps) {
  const id = useId()
  const [isOver, setIsOver] = useState(false)

  function take(list: FileList | null) {
    const files = [...(list ?? [])]
    if (files.length > 0) onFiles(isMultiple ? files : files.slice(0, 1))
  }

  function drop(event: DragEvent) {
    event.preventDefault()
    setIsOver(false)
    take(event.dataTransfer.files)
  }

  return (
    <label
      htmlFor={id}
      onDragOver={event => {
        event.preventDefault()
        setIsOver(true)
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={drop}
      className={`block cursor-pointer rounded-xl border-2 border-dashed px-5 py-6 text-center transition-colors has-focus-visible:outline-3 has-focus-visible:outline-offset-2 has-focus-visible:outline-tide ${isOver ? 'border-tide bg-foam' : 'border-edge bg-sheet hover:border-ink'}`}
    >
      <input
        id={id}
        type="file"
        accept={accept}
        multiple={isMultiple}
        aria-labelledby={`${id}-label`}
        aria-describedby={`${id}-hint`}
        className="sr-only"
        onChange={event => {
          take(event.target.files)
          // The same file chosen again is a change of its bytes.
          event.target.value = ''
        }}
      />
      <span id={`${id}-label`} className="font-semibold text-tide underline decoration-1 underline-offset-4">
        {label}
      </span>
      <span id={`${id}-hint`} className="mt-1 block text-sm text-soft">
        {hint}
      </span>
    </label>
  )
}
