import { describe, expect, test } from 'vitest'
import { parseVolunteerFlags } from './volunteer-flags.ts'

const parse = (...args: string[]) => parseVolunteerFlags(args, 4)

describe('parseVolunteerFlags', () => {
  test('default', () => {
    expect(parse('--server', 'http://127.0.0.1:8787/', '--threads', '2', '--seconds', '20', '--key', 'k.json')).toEqual(
      {
        kind: 'flags',
        flags: { serverUrl: 'http://127.0.0.1:8787', threads: 2, seconds: 20, keyFile: 'k.json' },
      },
    )
  })

  test('behavior: without flags, all cores and no end', () => {
    expect(parse()).toEqual({
      kind: 'flags',
      flags: { serverUrl: 'http://127.0.0.1:8787', threads: 4, seconds: undefined, keyFile: undefined },
    })
    expect(parse('--help')).toEqual({ kind: 'help' })
  })

  test.each([
    [['--threads', '0'], '--threads takes a whole number from 1 to 256, not "0".'],
    [['--threads', '2.5'], '--threads takes a whole number from 1 to 256, not "2.5".'],
    [['--threads', '257'], '--threads takes a whole number from 1 to 256, not "257".'],
    [['--seconds', 'ten'], '--seconds takes a whole number from 1 to 2000000, not "ten".'],
    [
      ['--server', 'ftp://x'],
      '--server takes the address of a server, for example http://127.0.0.1:8787, not "ftp://x".',
    ],
    [['--server', 'here'], '--server takes the address of a server, for example http://127.0.0.1:8787, not "here".'],
    [['--key', ''], '--key takes the name of a file, not "".'],
    [['--cores', '2'], "Unknown option '--cores'. --help tells the flags."],
    [['--threads'], "Option '--threads <value>' argument missing. --help tells the flags."],
  ])('error: %j', (args, sentence) => {
    expect(parse(...args)).toEqual({ kind: 'wrong', sentence })
  })

  test('error: a word that belongs to no flag', () => {
    const parsed = parse('fast')
    expect(parsed.kind === 'wrong' && parsed.sentence).toMatch(/^Unexpected argument 'fast'.*--help tells the flags\.$/)
  })
})
