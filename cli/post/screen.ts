export interface Screen {
  /** What goes on now: on a terminal the next one replaces it; elsewhere each that differs is a line. */
  show(text: string): void
  /** A line that stays. */
  say(text: string): void
}

interface Output {
  readonly isTTY?: boolean
  write(text: string): unknown
}

/** Where a command says what it does: not on its standard output, which is for other programs. */
export function createScreen(output: Output): Screen {
  let shown = ''
  return {
    show(text) {
      if (text === shown) return
      output.write(output.isTTY ? `\r\x1b[2K${text}` : `${text}\n`)
      shown = text
    },
    say(text) {
      output.write(output.isTTY && shown !== '' ? `\r\x1b[2K${text}\n` : `${text}\n`)
      shown = ''
    },
  }
}

const width = 24

/** How much of something is done, drawn and as a number. */
export function progressBar(done: number, of: number): string {
  const share = of > 0 ? Math.min(1, Math.max(0, done / of)) : 0
  const filled = Math.floor(share * width)
  return `[${'#'.repeat(filled)}${'-'.repeat(width - filled)}] ${Math.floor(share * 100)} %`
}
