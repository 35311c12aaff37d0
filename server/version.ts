import { readFileSync } from 'node:fs'

/** Of package.json: the one place that says it. */
export const version = (
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
).version
