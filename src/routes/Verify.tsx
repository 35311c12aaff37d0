import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { TaskId } from '../../protocol/ids.ts'
import { Button } from '../components/Button.tsx'
import { PageHead } from '../components/PageHead.tsx'
import { useMessages } from '../messages/use-messages.ts'

/** The way to a receipt for whoever holds a task id. */
export function Verify() {
  const { t } = useMessages()
  const navigate = useNavigate()
  const [text, setText] = useState('')
  const [isWrong, setIsWrong] = useState(false)

  async function find(event: FormEvent) {
    event.preventDefault()
    const taskId = TaskId.safeParse(text.trim())
    setIsWrong(!taskId.success)
    if (taskId.success) await navigate({ to: '/verify/$taskId', params: { taskId: taskId.data } })
  }

  return (
    <>
      <PageHead title={t.verify.title} lead={t.verify.lead} />
      <form noValidate onSubmit={find} className="measure">
        <label htmlFor="task-id" className="font-medium">
          {t.verify.label}
        </label>
        <div className="mt-1.5 flex flex-wrap gap-3">
          <input
            id="task-id"
            value={text}
            onChange={event => setText(event.target.value)}
            aria-describedby="task-id-hint"
            aria-invalid={isWrong}
            autoComplete="off"
            spellCheck={false}
            className="figures h-11 min-w-0 flex-1 basis-48 rounded-md border border-edge bg-sheet px-3"
          />
          <Button type="submit" kind="lamp">
            {t.verify.find}
          </Button>
        </div>
        <p
          id="task-id-hint"
          role={isWrong ? 'alert' : undefined}
          className={`mt-2 text-sm ${isWrong ? 'text-alert' : 'text-soft'}`}
        >
          {isWrong ? t.verify.invalid : t.verify.hint}
        </p>
      </form>
    </>
  )
}
