import type { KernelDescriptor } from '../../protocol/kernel.ts'

/** What a field of a form asks for, in the terms that every language has words for. */
export type FieldIssue =
  | { readonly kind: 'atLeast'; readonly bound: string }
  | { readonly kind: 'atMost'; readonly bound: string }
  | { readonly kind: 'number' }
  /** A sentence of the kernel's own. */
  | { readonly kind: 'own'; readonly text: string }

export interface ParameterField {
  readonly name: string
  readonly value: string
  readonly isNumber: boolean
}

export type Parameters =
  | { readonly kind: 'valid'; readonly parameters: unknown }
  /** By field; what no field alone is to blame for has the name ''. */
  | { readonly kind: 'invalid'; readonly issues: ReadonlyMap<string, FieldIssue> }

/** Fields of a built-in kernel's parameters: those of its seed, whose values stand until others are typed. */
export const parameterFields = (
  { seed }: KernelDescriptor,
  typed: Readonly<Record<string, string>> = {},
): ParameterField[] =>
  Object.entries(seed as Record<string, unknown>).map(([name, value]) => ({
    name,
    value: typed[name] ?? String(value),
    isNumber: typeof value === 'number',
  }))

interface Issue {
  readonly code?: string | undefined
  readonly message: string
  readonly path?: readonly PropertyKey[] | undefined
  readonly minimum?: unknown
  readonly maximum?: unknown
}

function fieldIssue({ code, message, minimum, maximum }: Issue): FieldIssue {
  if (code === 'too_small') return { kind: 'atLeast', bound: String(minimum) }
  if (code === 'too_big') return { kind: 'atMost', bound: String(maximum) }
  if (code === 'custom') return { kind: 'own', text: message }
  return { kind: 'number' }
}

/** What was typed, through the kernel's own schema. */
export function readParameters(kernel: KernelDescriptor, fields: readonly ParameterField[]): Parameters {
  const value = Object.fromEntries(
    fields.map(({ name, value, isNumber }) => [
      name,
      isNumber ? (value.trim() === '' ? Number.NaN : Number(value)) : value.trim(),
    ]),
  )
  const parsed = kernel.parameters.safeParse(value)
  if (parsed.success) return { kind: 'valid', parameters: parsed.data }
  const issues = new Map<string, FieldIssue>()
  for (const issue of parsed.error.issues as readonly Issue[]) {
    const at = String(issue.path?.[0] ?? '')
    if (!issues.has(at)) issues.set(at, fieldIssue(issue))
  }
  return { kind: 'invalid', issues }
}
