import type { Digest } from './digest.ts'
import type { Problem } from './errors.ts'
import type { AccountId, JobId, LeaseToken, TaskId } from './ids.ts'
import type { RunInput } from './run-input.ts'

/** What a person grants. */
export interface VolunteerSettings {
  /** Lanes: kernels that run at once. */
  readonly cores: number
  /** Share of each lane's time spent computing, 10 to 100. */
  readonly cpuPercent: number
}

/** One granted core. Progress is work done, 0 to 1, as the kernel counts it. */
export type Lane =
  | { readonly state: 'idle'; readonly reason: 'starting' | 'waitingForWork' | 'offline' | 'paused' }
  /** A task that was begun and goes on, from its checkpoint, when the volunteer does. */
  | {
      readonly state: 'kept'
      readonly taskId: TaskId
      readonly jobId: JobId
      readonly kernelId: string
      readonly progress: number
      readonly credit: number
    }
  | {
      readonly state: 'running'
      readonly lease: LeaseToken
      readonly taskId: TaskId
      readonly jobId: JobId
      readonly kernelId: string
      readonly progress: number
      /** Progress at which a checkpoint was taken up; absent where the task began at its beginning. */
      readonly resumedAt?: number
      /** Milliseconds inside the kernel so far. */
      readonly elapsedMs: number
      /** Milliseconds that are left at the present speed; absent until that can be told. */
      readonly remainingMs?: number
      readonly credit: number
    }

/** Why no work is done, or that it is. */
export type VolunteerPhase =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'starting' }
  | { readonly kind: 'computing' }
  | { readonly kind: 'paused' }
  /** Another tab of this browser computes; this one shows what that one does. */
  | { readonly kind: 'elsewhere' }
  /** The device cannot take part: no key, no WebAssembly. `reason` is a sentence. */
  | { readonly kind: 'unable'; readonly reason: string }

/** How the way to the server is. Lanes go on with what they hold while it is not `online`. */
export type Connection =
  | { readonly kind: 'online' }
  | { readonly kind: 'offline'; readonly retryAt: number }
  | { readonly kind: 'refused'; readonly problem: Problem; readonly retryAt: number }

export interface VolunteerState {
  readonly phase: VolunteerPhase
  readonly connection: Connection
  readonly accountId?: AccountId
  readonly lanes: readonly Lane[]
  /** Leases that wait for a lane. */
  readonly queued: number
  /** Results that the server has not acknowledged yet. They survive a reload. */
  readonly unreported: number
  /** Since this tab was opened. */
  readonly session: { readonly returned: number; readonly failed: number }
}

/** How one run of a kernel ended. Crosses worker boundaries, so it is a value, never an exception. */
export type RunOutcome =
  | {
      readonly kind: 'done'
      readonly output: Uint8Array<ArrayBuffer>
      readonly elapsedMs: number
      /** What a WASI command wrote to its standard error, cut to `kernelLimits.logBytes`; empty for a reactor. */
      readonly log: string
      /** The kernel's memory at its end. */
      readonly memoryBytes: number
    }
  | { readonly kind: 'failed'; readonly reason: string; readonly elapsedMs: number; readonly log: string }
  | { readonly kind: 'aborted' }

/** A task to run outside the volunteer's own work: *run it again here* on a receipt, *try it here* before posting. */
export interface RerunTask {
  readonly kernel:
    | { readonly kind: 'digest'; readonly digest: Digest }
    /** A module that need not be stored anywhere. */
    | { readonly kind: 'bytes'; readonly bytes: Uint8Array<ArrayBuffer> }
  /** Says how an input of bytes is meant. */
  readonly kernelId: string
  /** As a lease or a receipt has it, or what a program gets to see. */
  readonly input: Uint8Array<ArrayBuffer> | RunInput
  readonly memoryCapBytes: number
  readonly outputCapBytes: number
  readonly timeCapMs: number
}

/**
 * What the page may ask of the workers, through Comlink. Nothing computes before {@link start} or {@link rerun}.
 */
export interface VolunteerApi {
  /** How kernels get a place to run: a frame with an origin of its own, which only the page can make. */
  provideFrames(openFrame: () => Promise<MessagePort>): Promise<void>
  /** Calls back at once with the present state, then at every change, at most 4 times a second for progress. */
  subscribe(listener: (state: VolunteerState) => void): Promise<void>
  /** Begins, or goes on after a pause. Leases and checkpoints of an earlier visit are taken up. */
  start(settings: VolunteerSettings): Promise<void>
  configure(settings: VolunteerSettings): Promise<void>
  /** Lanes stop; leases and checkpoints are kept for {@link start}, also across a reload. */
  pause(): Promise<void>
  /** Lanes stop at once; leases are given back. */
  stop(): Promise<void>
  /** A session token of this device, for requests of its own account; registers the device if it is new. */
  sessionToken(): Promise<string>
  /** Whether this browser holds a device key, so that there is an account to show. */
  hasAccount(): Promise<boolean>
  rerun(task: RerunTask, onProgress: (progress: number) => void): Promise<RunOutcome>
  abortRerun(): Promise<void>
}
