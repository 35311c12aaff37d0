import { parseArgs } from 'node:util'

export type Parsed<Flags> =
  | { readonly kind: 'flags'; readonly flags: Flags }
  | { readonly kind: 'help' }
  /** `sentence` says which flag, what it takes, and what came. */
  | { readonly kind: 'wrong'; readonly sentence: string }

/** A flag that is not what it should be; its message is the sentence. */
export class WrongFlag extends Error {}

type Config = NonNullable<Parameters<typeof parseArgs>[0]>

/** Parses the flags of a command; every command knows `--help`. */
export function parseFlags<T extends Config, Flags>(
  config: T,
  read: (parsed: ReturnType<typeof parseArgs<T>>) => Flags,
): Parsed<Flags> {
  try {
    const parsed = parseArgs(config)
    if ((parsed.values as { help?: boolean }).help) return { kind: 'help' }
    return { kind: 'flags', flags: read(parsed) }
  } catch (error) {
    if (error instanceof WrongFlag) return { kind: 'wrong', sentence: error.message }
    // parseArgs explains itself, in more lines than one.
    const isUsage = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
    if (!isUsage) throw error
    return { kind: 'wrong', sentence: `${error.message.split('. ')[0]?.replace(/\.$/, '')}. --help tells the flags.` }
  }
}

/** @returns the server's address without a slash at its end */
export function parseServer(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && (url.protocol === 'http:' || url.protocol === 'https:'))
    return (url.origin + url.pathname).replace(/\/+$/, '')
  throw new WrongFlag(`--server takes the address of a server, for example http://127.0.0.1:8787, not "${text}".`)
}

export function parsePath(flag: string, what: string, text: string): string {
  if (text !== '') return text
  throw new WrongFlag(`--${flag} takes the name of a ${what}, not "".`)
}
