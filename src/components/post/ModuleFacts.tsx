import { useMessages } from '../../messages/use-messages.ts'
import { usePostMessages } from '../../messages/use-post-messages.ts'
import type { ModuleDraft } from '../../posting/draft.ts'
import { DigestText } from '../DigestText.tsx'
import { Fact, Facts } from '../Facts.tsx'
import { StateMark } from '../StateMark.tsx'

/** What a module is, as its bytes say. */
export function ModuleFacts({ module }: { module: ModuleDraft }) {
  const p = usePostMessages()
  const { format } = useMessages()
  const { file, digest, program, memoryMaximumBytes, imports, features } = module
  return (
    <div role="status">
      <div className="mb-3">
        <StateMark state="accepted" label={p.module.fit(file.path)} />
      </div>
      <Facts>
        <Fact name={p.module.kind}>{p.module.program[program]}</Fact>
        <Fact name={p.module.size}>{format.bytes(file.bytes)}</Fact>
        <Fact name={p.module.memory}>{p.module.memoryUpTo(memoryMaximumBytes)}</Fact>
        <Fact name={p.module.imports}>
          {imports.length === 0 ? (
            p.module.nothing
          ) : (
            <details>
              <summary className="link">{p.module.importCount(imports.length)}</summary>
              <p className="mt-1 font-mono text-sm">{imports.join(', ')}</p>
            </details>
          )}
        </Fact>
        <Fact name={p.module.features}>{features.length === 0 ? p.module.plain : format.list(features)}</Fact>
        <Fact name={p.module.digest}>
          <DigestText digest={digest} />
        </Fact>
      </Facts>
    </div>
  )
}
