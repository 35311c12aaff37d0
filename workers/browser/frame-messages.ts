/** To the frame that holds the runners, whose script is in `server/http/sandbox-frame.ts`. */
export type ToFrame =
  /** What runners are made of: the frame itself can fetch nothing. */
  | { readonly kind: 'source'; readonly text: string }
  /** Comes with the port that the runner is to talk through. */
  | { readonly kind: 'spawn'; readonly id: number }
  | { readonly kind: 'terminate'; readonly id: number }
  | { readonly kind: 'ping' }

export type FromFrame =
  /** The frame is there; the answer to `ping`. */
  { readonly kind: 'alive' } | { readonly kind: 'died'; readonly id: number; readonly reason: string }
