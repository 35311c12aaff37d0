/**
 * Makes this process end with the one that started it, however that one ends, and not before: a signal to the whole
 * group, as Ctrl-C in a terminal gives, is the parent's to answer.
 *
 * @returns how to tell the parent something; resolves when it is on its way
 */
export function endWithParent<Message extends object>(): (message: Message) => Promise<void> {
  if (!process.send) throw new Error('This file is the entry of a child process')
  process.on('disconnect', () => process.exit())
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
  return message =>
    new Promise(resolve => {
      // A parent that is gone hears nothing; `disconnect` is on its way.
      process.send?.(message, undefined, undefined, () => resolve())
    })
}
