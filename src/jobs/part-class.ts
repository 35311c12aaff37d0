/** Colours of what tasks came to, the same in the bar and in the list beside it. */
export const partClass = { accepted: 'bg-tide', failed: 'bg-alert', disputed: 'bg-edge' } as const
