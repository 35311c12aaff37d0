import { Fragment } from 'react'

/** A SHA-256 in full, in groups of eight, so that two of them compare by eye. Copies as one word. */
export function DigestText({ digest }: { digest: string }) {
  const groups = digest.match(/.{1,8}/g) ?? []
  return (
    <code className="inline-block max-w-[37ch] font-mono text-[0.85em] leading-relaxed">
      {groups.map((group, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a group is its place
        <Fragment key={at}>
          <span className="mr-[0.6em]">{group}</span>
          <wbr />
        </Fragment>
      ))}
    </code>
  )
}
