import { useEffect, useState } from 'react'
import { useJobMessages } from '../messages/use-job-messages.ts'

interface ImagePreviewProps {
  readonly name: string
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly mediaType: string
}

/** A picture from bytes that are here already. Its type is one of those that hold no script. */
export function ImagePreview({ name, bytes, mediaType }: ImagePreviewProps) {
  const j = useJobMessages()
  const [url, setUrl] = useState<string>()
  const [isBroken, setIsBroken] = useState(false)
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([bytes], { type: mediaType }))
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [bytes, mediaType])
  if (isBroken) return <p className="text-soft">{j.preview.imageBroken}</p>
  return (
    <div className="min-h-24">
      {url !== undefined && (
        <img
          src={url}
          alt={name}
          onError={() => setIsBroken(true)}
          className="max-h-80 max-w-full rounded-md border border-line bg-white"
        />
      )}
    </div>
  )
}
