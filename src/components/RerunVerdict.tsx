import type { Verdict } from '../../protocol/tasks.ts'
import { useMessages } from '../messages/use-messages.ts'
import { DigestText } from './DigestText.tsx'
import { Fact, Facts } from './Facts.tsx'
import type { RerunState } from './Rerun.tsx'
import { StateMark } from './StateMark.tsx'

interface RerunVerdictProps {
  readonly state: Extract<RerunState, { kind: 'done' | 'failed' | 'aborted' }>
  readonly verdict: Verdict
}

/** Equal or different, in plain words, with both digests to compare by eye. */
export function RerunVerdict({ state, verdict }: RerunVerdictProps) {
  const { t } = useMessages()
  if (state.kind === 'aborted') return <p className="mt-5">{t.verify.aborted}</p>
  if (state.kind === 'failed') return <p className="mt-5 text-alert">{t.verify.failed(state.reason)}</p>
  const isJudged = verdict.state === 'accepted'
  const isEqual = isJudged && verdict.digest === state.digest
  return (
    <div className="mt-5">
      <div className="mb-3 text-lg">
        {isJudged ? (
          <>
            <StateMark
              state={isEqual ? 'accepted' : 'rejected'}
              label={isEqual ? t.verify.equal : t.verify.different}
            />
            {!isEqual && <p className="mt-1 text-base text-soft">{t.verify.differentText}</p>}
          </>
        ) : (
          <p>{t.verify.unjudged}</p>
        )}
      </div>
      <Facts>
        <Fact name={t.verify.here}>
          <DigestText digest={state.digest} />
        </Fact>
        {isJudged && (
          <Fact name={t.verify.accepted}>
            <DigestText digest={verdict.digest} />
          </Fact>
        )}
      </Facts>
      <p className="mt-2 text-sm text-soft">{t.verify.inTime(state.elapsedMs)}</p>
    </div>
  )
}
