const bytesPerLine = 16

/** Sixteen bytes: where they stand, what they are, and what they would be as ASCII. */
export interface HexLine {
  readonly offset: string
  readonly hex: string
  readonly ascii: string
}

/** Bytes as programmers read them, at most so many. */
export function hexLines(bytes: Uint8Array, most: number): HexLine[] {
  const shown = bytes.subarray(0, most)
  return Array.from({ length: Math.ceil(shown.length / bytesPerLine) }, (_, line) => {
    const part = [...shown.subarray(line * bytesPerLine, (line + 1) * bytesPerLine)]
    return {
      offset: (line * bytesPerLine).toString(16).padStart(4, '0'),
      hex: part.map(byte => byte.toString(16).padStart(2, '0')).join(' '),
      ascii: part.map(byte => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')).join(''),
    }
  })
}
