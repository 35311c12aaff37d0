/**
 * Why a kernel failed, in one sentence each. The words go into a result and are compared with those of other devices,
 * so they say nothing that two engines would say differently: no engine's own message, no time, no address.
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
  outputTooLarge: (bytes: number, cap: number) => `The output of ${bytes} bytes is over the cap of ${cap}.`,
  notWebAssembly: 'The module is not well-formed WebAssembly.',
  moduleTooLarge: (bytes: number, cap: number) => `The module of ${bytes} bytes is over the cap of ${cap}.`,
  foreignImport: (module: string, name: string) => `The module imports ${module}.${name}, which is not allowed.`,
  noMemory: 'The module must declare exactly one memory.',
  noMemoryMaximum: 'The module declares no memory maximum.',
  memoryShared: 'The module declares a shared memory, which is not allowed.',
  memory64: 'The module declares a 64-bit memory, which is not allowed.',
  exceptions: 'The module uses exceptions, which are not allowed.',
  memoryTooLarge: (bytes: number, cap: number) => `The memory maximum of ${bytes} bytes is over the cap of ${cap}.`,
  missingExport: (name: string) => `The module does not export ${name} as the reactor contract asks.`,
  wrongAbi: 'The module is written for another version of the reactor contract.',
} as const
