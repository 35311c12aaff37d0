import { useMessages } from '../messages/use-messages.ts'

interface FigureTableProps {
  readonly caption: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** A picture's figures, behind a disclosure. */
export function FigureTable({ caption, columns, rows }: FigureTableProps) {
  const { t } = useMessages()
  return (
    <details className="mt-2">
      <summary className="link inline-flex min-h-11 items-center text-sm">{t.picture.table}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section aria-label={caption} tabIndex={0} className="max-h-80 overflow-auto border-y border-line">
        <table className="figures w-full border-collapse text-sm">
          <caption className="sr-only">{caption}</caption>
          <thead className="sticky top-0 bg-paper text-left text-soft">
            <tr>
              {columns.map(column => (
                <th key={column} scope="col" className="px-2 py-2 font-medium first:pl-0">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other identity
              <tr key={at} className="border-t border-line">
                {row.map((cell, column) => (
                  <td key={columns[column]} className="px-2 py-1.5 first:pl-0">
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  )
}
