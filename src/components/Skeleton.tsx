/** Lines of text to come. `className` gives one line's height and width. */
export function Skeleton({ lines = 1, className = 'h-5' }: { lines?: number; className?: string }) {
  return (
    <div className="flex flex-col gap-2.5" aria-hidden="true">
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other identity
        <span key={line} className={`skeleton block ${className}`} />
      ))}
    </div>
  )
}
