import * as z from 'zod/mini'
import { languages } from '../../protocol/kernel.ts'

export const deviceCores = Math.max(1, navigator.hardwareConcurrency || 1)

/** Half of the device leaves the other half to the person in front of it. */
export const defaultCores = (cores: number): number => Math.max(1, Math.floor(cores / 2))

const Preferences = z.object({
  theme: z.catch(z.enum(['auto', 'light', 'dark']), 'auto'),
  /** `auto` follows the browser's languages. */
  language: z.catch(z.enum(['auto', ...languages]), 'auto'),
  /** When the person agreed to compute; empty before that, and nothing computes then. */
  consentedAt: z.catch(z.string(), ''),
  cores: z.catch(z.int().check(z.minimum(1), z.maximum(512)), defaultCores(deviceCores)),
  cpuPercent: z.catch(z.int().check(z.minimum(10), z.maximum(100)), 100),
  pauseWhenHidden: z.catch(z.boolean(), false),
  pauseOnLowBattery: z.catch(z.boolean(), true),
  pauseOnMetered: z.catch(z.boolean(), true),
})
export type Preferences = z.infer<typeof Preferences>

/** What is stored, with the default for whatever is absent or damaged. */
export function parsePreferences(text: string | undefined): Preferences {
  try {
    return Preferences.parse(JSON.parse(text ?? '{}'))
  } catch {
    return Preferences.parse({})
  }
}
