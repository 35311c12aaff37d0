import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bytesOf, errno, startByHand } from './testing/wasi-program.ts'
import { WasiExit } from './wasi-process.ts'

function argumentsOf(given: readonly string[]): string[] {
  const program = startByHand({ arguments: given })
  const sizes = program.place(8)
  expect(program.calls.args_sizes_get(sizes, sizes + 4)).toBe(errno.success)
  const count = program.view().getUint32(sizes, true)
  const bytes = program.view().getUint32(sizes + 4, true)
  const array = program.place(count * 4)
  const texts = program.place(bytes)
  expect(program.calls.args_get(array, texts)).toBe(errno.success)
  // As C reads them: from each pointer to the next zero.
  return Array.from({ length: count }, (_, index) => {
    const at = program.view().getUint32(array + index * 4, true)
    const end = program.read(at, texts + bytes - at).indexOf(0)
    expect(end).toBeGreaterThanOrEqual(0)
    return program.text(at, end)
  })
}

describe('args_sizes_get', () => {
  test('default: counts bytes, not characters, and the zero after each', () => {
    const program = startByHand({ arguments: ['ü€', ''] })
    const at = program.place(8)
    expect(program.calls.args_sizes_get(at, at + 4)).toBe(errno.success)
    expect(program.view().getUint32(at, true)).toBe(3)
    expect(program.view().getUint32(at + 4, true)).toBe('program'.length + 1 + 5 + 1 + 1)
  })

  test('error: a pointer outside of the memory', () => {
    const program = startByHand()
    expect(program.calls.args_sizes_get(program.end - 3, 0)).toBe(errno.fault)
    expect(program.calls.args_sizes_get(0, -1)).toBe(errno.fault)
  })
})

describe('args_get', () => {
  test('default: the first is always program', () => {
    expect(argumentsOf([])).toEqual(['program'])
    expect(argumentsOf(['--from', '1', '--to', '10'])).toEqual(['program', '--from', '1', '--to', '10'])
  })

  test('behavior: empty, non-ASCII, and 64 of 4096 characters', () => {
    expect(argumentsOf(['', ' ', 'ü', '名前', '😀', ''])).toEqual(['program', '', ' ', 'ü', '名前', '😀', ''])
    const many = Array.from({ length: 64 }, (_, index) => `${index}`.padEnd(4096, 'x'))
    expect(argumentsOf(many)).toEqual(['program', ...many])
  })

  test('behavior: any text without a zero arrives as it is', () => {
    const text = fc.string({ unit: 'grapheme' }).filter(one => !one.includes('\0'))
    fc.assert(
      fc.property(
        fc.array(text, { maxLength: 8 }),
        given => argumentsOf(given).slice(1).join('\0') === given.join('\0'),
      ),
    )
  })

  test('error: no room in the memory', () => {
    const program = startByHand({ arguments: ['abc'] })
    expect(program.calls.args_get(program.end - 8, program.end - 4)).toBe(errno.fault)
  })
})

describe('environ_sizes_get', () => {
  test('default: there are no variables', () => {
    const program = startByHand()
    const at = program.put(new Uint8Array(8).fill(255))
    expect(program.calls.environ_sizes_get(at, at + 4)).toBe(errno.success)
    expect(program.read(at, 8)).toEqual(new Uint8Array(8))
  })

  test('error: a pointer outside of the memory', () => {
    const program = startByHand()
    expect(program.calls.environ_sizes_get(program.end, 0)).toBe(errno.fault)
  })
})

describe('environ_get', () => {
  test('default: writes nothing', () => {
    const program = startByHand()
    const before = program.read(0, program.end)
    expect(program.calls.environ_get(0, 0)).toBe(errno.success)
    expect(program.read(0, program.end)).toEqual(before)
  })
})

describe('clock_time_get', () => {
  test('default: every clock stands at 0, however often it is read', () => {
    const program = startByHand()
    const at = program.put(new Uint8Array(8).fill(255))
    for (const clock of [0, 1, 2, 3, 0, 1]) {
      program.view().setBigUint64(at, 7n, true)
      expect(program.calls.clock_time_get(clock, 1n, at)).toBe(errno.success)
      expect(program.view().getBigUint64(at, true)).toBe(0n)
    }
  })

  test('error: no such clock, or no such place', () => {
    const program = startByHand()
    expect(program.calls.clock_time_get(4, 0n, 0)).toBe(errno.inval)
    expect(program.calls.clock_time_get(-1, 0n, 0)).toBe(errno.inval)
    expect(program.calls.clock_time_get(0, 0n, program.end - 7)).toBe(errno.fault)
  })
})

describe('clock_res_get', () => {
  test('default: a millisecond, for every clock', () => {
    const program = startByHand()
    const at = program.place(8)
    for (const clock of [0, 1, 2, 3]) {
      expect(program.calls.clock_res_get(clock, at)).toBe(errno.success)
      expect(program.view().getBigUint64(at, true)).toBe(1_000_000n)
    }
  })

  test('error: no such clock', () => {
    expect(startByHand().calls.clock_res_get(4, 0)).toBe(errno.inval)
  })
})

describe('random_get', () => {
  const draw = (seed: Uint8Array<ArrayBuffer>, ...lengths: number[]) => {
    const program = startByHand({ seed })
    return lengths.flatMap(length => {
      const at = program.place(length)
      expect(program.calls.random_get(at, length)).toBe(errno.success)
      return [...program.read(at, length)]
    })
  }
  const seed = Uint8Array.from({ length: 32 }, (_, index) => index)

  test('default: the key stream of ChaCha20, RFC 8439 appendix A.1, under the task’s seed', () => {
    const drawn = Buffer.from(draw(new Uint8Array(32), 16)).toString('hex')
    expect(drawn).toBe('76b8e0ada0f13d90405d6ae55386bd28')
  })

  test('behavior: a stream, in whatever pieces it is drawn', () => {
    expect(draw(seed, 3, 0, 70, 27)).toEqual(draw(seed, 100))
  })

  test('behavior: other seeds give other bytes', () => {
    expect(draw(seed, 32)).not.toEqual(draw(new Uint8Array(32), 32))
  })

  test('error: outside of the memory, and nothing of the stream is used up', () => {
    const program = startByHand({ seed })
    expect(program.calls.random_get(program.end - 1, 2)).toBe(errno.fault)
    expect(program.calls.random_get(0, -1)).toBe(errno.fault)
    expect(program.calls.random_get(0, 8)).toBe(errno.success)
    expect([...program.read(0, 8)]).toEqual(draw(seed, 8))
  })
})

describe('poll_oneoff', () => {
  const clock = (id: number, timeout: bigint, flags = 0) => ({ type: 0, id, timeout, flags })
  const readable = (id: number) => ({ type: 1, id, timeout: 0n, flags: 0 })
  const writable = (id: number) => ({ type: 2, id, timeout: 0n, flags: 0 })

  /** @returns userdata, errno, type and bytes of the events, or the errno */
  function poll(asked: readonly ReturnType<typeof clock>[], program = startByHand({ stdin: bytesOf('abc') })) {
    const from = program.place(asked.length * 48)
    const view = program.view()
    for (const [index, { type, id, timeout, flags }] of asked.entries()) {
      view.setBigUint64(from + index * 48, BigInt(100 + index), true)
      view.setUint8(from + index * 48 + 8, type)
      view.setUint32(from + index * 48 + 16, id, true)
      view.setBigUint64(from + index * 48 + 24, timeout, true)
      view.setUint16(from + index * 48 + 40, flags, true)
    }
    const to = program.put(new Uint8Array(asked.length * 32).fill(255))
    const count = program.place(4)
    const failed = program.calls.poll_oneoff(from, to, asked.length, count)
    if (failed !== 0) return failed
    return Array.from({ length: view.getUint32(count, true) }, (_, index) => [
      Number(view.getBigUint64(to + index * 32, true)),
      view.getUint16(to + index * 32 + 8, true),
      view.getUint8(to + index * 32 + 10),
      Number(view.getBigUint64(to + index * 32 + 16, true)),
    ])
  }

  test('default: a sleep is over at once, however long, and no time has passed', () => {
    const program = startByHand()
    expect(poll([clock(1, 10n ** 18n)], program)).toEqual([[100, errno.success, 0, 0]])
    expect(poll([clock(0, 2n ** 63n, 1)], program)).toEqual([[100, errno.success, 0, 0]])
    const at = program.place(8)
    program.calls.clock_time_get(1, 0n, at)
    expect(program.view().getBigUint64(at, true)).toBe(0n)
  })

  test('behavior: of several clocks the soonest rings, or all that ring together', () => {
    expect(poll([clock(1, 9n), clock(1, 5n), clock(0, 7n)])).toEqual([[101, errno.success, 0, 0]])
    expect(poll([clock(1, 5n), clock(0, 5n)])).toEqual([
      [100, errno.success, 0, 0],
      [101, errno.success, 0, 0],
    ])
  })

  test('behavior: files are ready before any clock rings', () => {
    expect(poll([clock(1, 0n), readable(0), writable(1)])).toEqual([
      [101, errno.success, 1, 3],
      [102, errno.success, 2, 65536],
    ])
  })

  test('error: in the event, what is wrong with one of them', () => {
    expect(poll([readable(9), readable(1), writable(0), writable(3)])).toEqual([
      [100, errno.badf, 1, 0],
      [101, errno.badf, 1, 0],
      [102, errno.badf, 2, 0],
      [103, errno.badf, 2, 0],
    ])
    expect(poll([clock(9, 1n)])).toEqual([[100, errno.inval, 0, 0]])
  })

  test('error: none, too many, of no known type, or outside of the memory', () => {
    expect(poll([])).toBe(errno.inval)
    expect(startByHand().calls.poll_oneoff(0, 0, -1, 0)).toBe(errno.inval)
    expect(poll([{ type: 3, id: 0, timeout: 0n, flags: 0 }])).toBe(errno.inval)
    const { calls, end } = startByHand()
    expect(calls.poll_oneoff(end - 40, 0, 1, 0)).toBe(errno.fault)
    expect(calls.poll_oneoff(0, end - 8, 1, 0)).toBe(errno.fault)
  })
})

describe('proc_exit', () => {
  test('default: ends the program with its code', () => {
    const { calls } = startByHand()
    for (const code of [0, 1, 255, 70_000]) expect(() => calls.proc_exit(code)).toThrow(new WasiExit(code))
    expect(() => calls.proc_exit(-1)).toThrow(new WasiExit(0xffff_ffff))
  })
})

describe('proc_raise', () => {
  test('default: there are no signals', () => {
    expect(startByHand().calls.proc_raise(6)).toBe(errno.nosys)
  })
})

describe('sched_yield', () => {
  test('default: nobody else to go first', () => {
    expect(startByHand().calls.sched_yield()).toBe(errno.success)
  })
})

/** There is no network, so nothing that a program has open is a socket. */
function refusesSockets(name: 'sock_accept' | 'sock_recv' | 'sock_send' | 'sock_shutdown'): void {
  const { calls } = startByHand()
  for (const fd of [0, 1, 2, 3]) expect(calls[name](fd, 0, 0, 0, 0, 0)).toBe(errno.notsup)
  expect(calls[name](4, 0, 0, 0, 0, 0)).toBe(errno.badf)
}

describe('sock_accept', () => {
  test('error: no sockets', () => refusesSockets('sock_accept'))
})
describe('sock_recv', () => {
  test('error: no sockets', () => refusesSockets('sock_recv'))
})
describe('sock_send', () => {
  test('error: no sockets', () => refusesSockets('sock_send'))
})
describe('sock_shutdown', () => {
  test('error: no sockets', () => refusesSockets('sock_shutdown'))
})
