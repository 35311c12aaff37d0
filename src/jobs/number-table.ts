/** Text whose every line has the same number of numbers. */
export interface NumberTable {
  /** Names of the columns, where the first line has them. */
  readonly header?: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

const number = /^[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|inf(?:inity)?|nan)$/i
const isNumber = (cell: string): boolean => number.test(cell)

/** Cells of a line: by comma, semicolon or tab where there is one, else by blanks. */
function cellsOf(line: string): string[] {
  const separator = /[,;\t]/.exec(line)?.[0]
  return separator === undefined ? line.trim().split(/\s+/) : line.split(separator).map(cell => cell.trim())
}

/**
 * Reads text as a table of numbers; digits stay as they are written.
 *
 * @param isWhole where it is not, the last line may be cut and does not count
 * @returns undefined where it is none, or a single column: that reads better as text
 */
export function readNumberTable(text: string, isWhole: boolean): NumberTable | undefined {
  const lines = text.split(/\r?\n/)
  // What follows the last line break: nothing, or a line that may be cut.
  const last = lines.pop()
  if (isWhole && last !== undefined && last !== '') lines.push(last)
  const [first, ...rest] = lines.map(cellsOf)
  if (first === undefined) return undefined
  const isHeader = rest.length > 0 && first.every(cell => cell !== '' && !isNumber(cell))
  const rows = isHeader ? rest : [first, ...rest]
  if (first.length < 2) return undefined
  if (!rows.every(row => row.length === first.length && row.every(isNumber))) return undefined
  return isHeader ? { header: first, rows } : { rows }
}
