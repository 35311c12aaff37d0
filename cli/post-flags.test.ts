import { describe, expect, test } from 'vitest'
import { parsePostFlags, postHelp } from './post-flags.ts'

const parse = (...args: string[]) => parsePostFlags(args)

describe('parsePostFlags', () => {
  test('default', () => {
    const args = ['job.json', '--wait', '--out', 'results/', '--yes', '--key', 'k', '--server', 'https://mill.example/']
    expect(parse(...args)).toEqual({
      kind: 'flags',
      flags: {
        serverUrl: 'https://mill.example',
        keyFile: 'k',
        what: { kind: 'post', jobFile: 'job.json' },
        isAgreed: true,
        isAwaited: true,
        out: 'results/',
      },
    })
  })

  test('behavior: asks before it posts, and does not wait, unless told', () => {
    const parsed = parse('job.json')
    expect(parsed).toMatchObject({ flags: { isAgreed: false, isAwaited: false, keyFile: undefined, out: undefined } })
  })

  test('behavior: --out and --job wait too', () => {
    expect(parse('job.json', '--out', 'r')).toMatchObject({ flags: { isAwaited: true } })
    expect(parse('--job', '12')).toMatchObject({ flags: { isAwaited: true, what: { kind: 'watch', jobId: '12' } } })
  })

  test('behavior: the help names every flag', () => {
    expect(parse('--help')).toEqual({ kind: 'help' })
    for (const flag of ['job', 'wait', 'out', 'yes', 'server', 'key']) expect(postHelp).toContain(`--${flag}`)
  })

  test.each([
    [[], 'post takes a job.json, or --job with the number of a job that has been posted.'],
    [['a.json', 'b.json'], 'post takes one job.json, not also "b.json".'],
    [['a.json', '--job', '3'], '--job watches a job that has been posted: leave out "a.json".'],
    [['--job', 'twelve'], '--job takes the number of a job, for example 12, not "twelve".'],
    [['a.json', '--out', ''], '--out takes the name of a folder or a .zip, not "".'],
    [['a.json', '--key', ''], '--key takes the name of a file, not "".'],
    [['a.json', '--budget', '3'], "Unknown option '--budget'. --help tells the flags."],
  ])('error: %j', (args, sentence) => {
    expect(parse(...args)).toEqual({ kind: 'wrong', sentence })
  })
})
