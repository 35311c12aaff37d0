import { useState } from 'react'
import { usePostMessages } from '../../messages/use-post-messages.ts'
import type { ModuleDraft } from '../../posting/draft.ts'
import { usePosting } from '../../posting/posting-context.ts'
import { takeModule } from '../../posting/take-module.ts'
import { FileDrop } from './FileDrop.tsx'
import { ModuleFacts } from './ModuleFacts.tsx'
import { Note } from './Note.tsx'

interface ModuleUploadProps {
  readonly module: ModuleDraft | undefined
  readonly hint: string
  readonly onModule: (module: ModuleDraft) => void
}

/** Takes a `.wasm` file and says at once what it is, or why no device would run it. */
export function ModuleUpload({ module, hint, onModule }: ModuleUploadProps) {
  const p = usePostMessages()
  const { store } = usePosting()
  const [problem, setProblem] = useState<{ path: string; reason: string }>()

  async function take([file]: readonly File[]) {
    if (file === undefined) return
    setProblem(undefined)
    try {
      const taken = await takeModule(store, file.name, file)
      if (taken.kind === 'fit') onModule(taken.module)
      else setProblem(taken)
    } catch (cause) {
      setProblem({ path: file.name, reason: p.unreadable(cause instanceof Error ? cause.message : String(cause)) })
    }
  }

  return (
    <div className="grid gap-5">
      <FileDrop
        label={module === undefined ? p.chooseModule : p.chooseOther}
        hint={hint}
        accept=".wasm"
        onFiles={take}
      />
      {problem !== undefined && (
        <Note kind="alert">
          <p className="font-semibold">{p.module.refused(problem.path)}</p>
          <p>{problem.reason}</p>
          {module !== undefined && <p className="text-soft">{p.module.kept(module.file.path)}</p>}
        </Note>
      )}
      {module !== undefined && <ModuleFacts module={module} />}
    </div>
  )
}
