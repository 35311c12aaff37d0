import { describe, expect, test } from 'vitest'
import type { JobId } from '../../protocol/ids.ts'
import type { TrialId } from '../../protocol/posting.ts'
import { Draft, draftFiles, emptyDraft } from './draft.ts'
import { type DraftAction, reduceDraft, stepsOf } from './reduce-draft.ts'

const trial = '917e32f1-1c6c-4cb1-9f24-a21779752d5f' as TrialId
const checked = reduceDraft(emptyDraft, { kind: 'trial', trial })

describe('reduceDraft', () => {
  test('default', () => {
    const next = reduceDraft(emptyDraft, { kind: 'input', change: { from: '5' } })
    expect(next.input).toEqual({ ...emptyDraft.input, from: '5' })
  })

  test('behavior: what changes the work drops the check that was made of it', () => {
    const changes: DraftAction[] = [
      { kind: 'program', change: { way: 'file' } },
      { kind: 'field', kernelId: 'collatz-records', name: 'from', value: '3' },
      { kind: 'input', change: { size: '7' } },
      { kind: 'compare', compare: { kind: 'exact' } },
      { kind: 'trialGone' },
      { kind: 'copied' },
      { kind: 'startedOver' },
    ]
    for (const change of changes) expect(reduceDraft(checked, change), change.kind).not.toHaveProperty('trial')
  })

  test('behavior: terms, texts and steps leave the check standing', () => {
    const changes: DraftAction[] = [
      { kind: 'went', step: 'review' },
      { kind: 'terms', change: { oneIn: 10 } },
      { kind: 'text', change: { title: 'Primes' } },
      { kind: 'posted', id: '4' as JobId },
    ]
    for (const change of changes) expect(reduceDraft(checked, change).trial, change.kind).toBe(trial)
  })

  test('behavior: a copy of a posted draft keeps what was typed and is posted no more', () => {
    const titled = reduceDraft(checked, { kind: 'text', change: { title: 'Primes' } })
    const copy = reduceDraft(reduceDraft(titled, { kind: 'posted', id: '4' as JobId }), { kind: 'copied' })
    expect(copy).toMatchObject({ title: 'Primes', step: 'program' })
    expect(copy.posted).toBeUndefined()
  })

  test('behavior: fields of one kernel leave those of another', () => {
    const one = reduceDraft(emptyDraft, { kind: 'field', kernelId: 'a', name: 'x', value: '1' })
    const two = reduceDraft(one, { kind: 'field', kernelId: 'b', name: 'x', value: '2' })
    expect(two.program.fields).toEqual({ a: { x: '1' }, b: { x: '2' } })
  })
})

describe('Draft', () => {
  test('default', () => {
    expect(Draft.parse(structuredClone(checked))).toEqual(checked)
  })
  test('error: what another version wrote is no draft', () => {
    expect(Draft.safeParse({ ...checked, step: 'elsewhere' }).success).toBe(false)
    expect(Draft.safeParse(undefined).success).toBe(false)
  })
})

describe('draftFiles', () => {
  test('default', () => {
    const file = (id: string) => ({ id, path: id, bytes: 1 })
    const input = { ...emptyDraft.input, lines: file('a'), files: [file('b')], shared: [file('c')] }
    expect(draftFiles({ ...emptyDraft, input })).toEqual(['a', 'b', 'c'])
    expect(draftFiles(emptyDraft)).toEqual([])
  })
})

describe('stepsOf', () => {
  test('default', () => {
    expect(stepsOf(emptyDraft)).toEqual(['program', 'try', 'price', 'review'])
    expect(stepsOf({ program: { ...emptyDraft.program, way: 'source' } })).toContain('input')
  })
})
