import { once } from '../../protocol/once.ts'
import runnerUrl from './runner.ts?worker&url'

/** The script of a runner, in one piece, as the build made it. */
export const readRunner: () => Promise<string> = once(async () => {
  const response = await fetch(runnerUrl)
  if (!response.ok) throw new Error('the script of its sandbox could not be loaded')
  return response.text()
})
