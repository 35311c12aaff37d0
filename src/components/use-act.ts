import { useCallback } from 'react'

/** Runs what a click asked for. The volunteer's state shows how it went; what breaks goes to the console. */
export const useAct = () =>
  useCallback((work: Promise<void>) => {
    work.catch((cause: unknown) => console.error('What was asked for could not be done.', cause))
  }, [])
