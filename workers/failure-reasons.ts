/**
 * Why a kernel failed, in one sentence each. The words go into a result and are compared with those of other devices,
 * so they say nothing that two engines would say differently: no engine's own message, no time, no address. Why a module
 * is refused before it runs is in `moduleRefusals` of the protocol.
 */
export const failureReasons = {
  trapped: 'The kernel trapped.',
  aborted: 'The kernel called abort.',
  stackExhausted: 'The kernel used up the call stack.',
  stalled: 'The kernel stalled: one of its calls did not end.',
  tookTooLong: 'The program did not end within its time limit.',
  pointerOutside: 'The kernel gave a pointer outside its memory.',
  outputMissing: 'The kernel gave no output pointer.',
  refusedInput: (code: number) => `The kernel refused its input with code ${code}.`,
  stoppedWithCode: (code: number) => `The kernel stopped with code ${code}.`,
  exitedWithCode: (code: number) => `The program exited with code ${code}.`,
  outputTooLarge: (bytes: number, cap: number) => `The output of ${bytes} bytes is over the cap of ${cap}.`,
  memoryTooLarge: (bytes: number, cap: number) => `The memory maximum of ${bytes} bytes is over the cap of ${cap}.`,
  missingExport: (name: string) => `The module does not export ${name} as the reactor contract asks.`,
  missingStart: 'The module does not export memory and _start as a WASI command does.',
  wrongAbi: 'The module is written for another version of the reactor contract.',
  wrongInput: (program: 'reactor' | 'wasi') =>
    program === 'wasi'
      ? 'The module is a WASI command, but the job describes a reactor: post it as a WASI command.'
      : 'The module is a reactor, but the job describes a WASI command: post it as a reactor.',
  pathConflict: (one: string, other: string) =>
    `The files ${one} and ${other} cannot both be in the program's tree: rename one of them.`,
} as const
