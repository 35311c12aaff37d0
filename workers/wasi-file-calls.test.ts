// One file above 300 lines: each call of a file is a row of docs/wasi.md, and its test stands in the table's order.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bytesOf, errno, startByHand } from './testing/wasi-program.ts'

const files = [
  { path: 'numbers', bytes: bytesOf('0123456789') },
  { path: 'empty', bytes: bytesOf('') },
  { path: 'data/a.txt', bytes: bytesOf('a') },
  { path: 'data/ü', bytes: bytesOf('b') },
]
const stdin = bytesOf('standard input')
const start = () => startByHand({ files, stdin })
const [badFd, directoryFd] = [99, 3]
const filetype = { unknown: 0, directory: 3, regular: 4 }

describe('fd_read', () => {
  test('default: on from where the last read ended, to the end of the file', () => {
    const program = start()
    const fd = program.open('numbers')
    expect(program.readText(fd, 4)).toBe('0123')
    expect(program.readText(fd, 4)).toBe('4567')
    expect(program.readText(fd, 4)).toBe('89')
    expect(program.readText(fd, 4)).toBe('')
  })

  test('behavior: standard input', () => {
    const program = start()
    expect(program.readText(0, 8)).toBe('standard')
    expect(program.readText(0, 100)).toBe(' input')
    expect(program.readText(0, 100)).toBe('')
  })

  test('behavior: each opening has a position of its own', () => {
    const program = start()
    const [one, other] = [program.open('numbers'), program.open('numbers')]
    expect(program.readText(one, 3)).toBe('012')
    expect(program.readText(other, 2)).toBe('01')
    expect(program.readText(one, 1)).toBe('3')
  })

  test('behavior: fills one vector after another, empty ones included', () => {
    const program = start()
    const { at, places } = program.vectors(3, 0, 2, 9)
    const count = program.place(4)
    expect(program.calls.fd_read(program.open('numbers'), at, 4, count)).toBe(errno.success)
    expect(program.view().getUint32(count, true)).toBe(10)
    expect(places.map((place, index) => program.text(place, [3, 0, 2, 5][index] ?? 0))).toEqual([
      '012',
      '',
      '34',
      '56789',
    ])
  })

  test('behavior: a large file in one read, and in any pieces', () => {
    const bytes = Uint8Array.from({ length: 600_000 }, (_, index) => index * 7)
    const program = startByHand({ files: [{ path: 'large', bytes }] })
    const { at, places } = program.vectors(700_000)
    const count = program.place(4)
    expect(program.calls.fd_read(program.open('large'), at, 1, count)).toBe(errno.success)
    expect(program.view().getUint32(count, true)).toBe(bytes.length)
    expect(program.read(places[0] ?? 0, bytes.length)).toEqual(bytes)
  })

  test('error: a number that is not open, or not for reading', () => {
    const program = start()
    for (const fd of [badFd, -1, 1, 2, directoryFd]) expect(program.readText(fd, 1)).toBe(-errno.badf)
  })

  test('error: vectors outside of the memory, or more than 1024', () => {
    const program = start()
    const { at } = program.vectors(4)
    expect(program.calls.fd_read(0, program.end - 4, 1, 0)).toBe(errno.fault)
    expect(program.calls.fd_read(0, -8, 1, 0)).toBe(errno.fault)
    expect(program.calls.fd_read(0, at, 1, program.end)).toBe(errno.fault)
    program.view().setUint32(at, program.end - 3, true)
    expect(program.calls.fd_read(0, at, 1, 0)).toBe(errno.fault)
    expect(program.calls.fd_read(0, 0, 1025, 0)).toBe(errno.inval)
    expect(program.calls.fd_read(0, 0, -1, 0)).toBe(errno.inval)
  })
})

describe('fd_pread', () => {
  function readAt(program: ReturnType<typeof start>, fd: number, offset: bigint): string | number {
    const { at, places } = program.vectors(2, 3)
    const count = program.place(4)
    const failed = program.calls.fd_pread(fd, at, 2, offset, count)
    if (failed !== 0) return -failed
    const total = program.view().getUint32(count, true)
    const first = Math.min(2, total)
    return program.text(places[0] ?? 0, first) + program.text(places[1] ?? 0, total - first)
  }

  test('default: reads anywhere and leaves the position as it is', () => {
    const program = start()
    const fd = program.open('numbers')
    expect(readAt(program, fd, 4n)).toBe('45678')
    expect(readAt(program, fd, 8n)).toBe('89')
    expect(readAt(program, fd, 0n)).toBe('01234')
    expect(program.readText(fd, 2)).toBe('01')
  })

  test('behavior: nothing at or past the end', () => {
    const program = start()
    const fd = program.open('numbers')
    for (const offset of [10n, 11n, 2n ** 62n, -1n]) expect(readAt(program, fd, offset)).toBe('')
  })

  test('error: an output, a directory, or nothing open', () => {
    const program = start()
    expect(readAt(program, 1, 0n)).toBe(-errno.spipe)
    expect(readAt(program, directoryFd, 0n)).toBe(-errno.badf)
    expect(readAt(program, badFd, 0n)).toBe(-errno.badf)
  })
})

describe('fd_write', () => {
  function write(program: ReturnType<typeof start>, fd: number, ...texts: string[]): number {
    const { at, places } = program.vectors(...texts.map(text => bytesOf(text).length))
    for (const [index, text] of texts.entries()) new Uint8Array(program.memory.buffer).set(bytesOf(text), places[index])
    const count = program.place(4)
    const failed = program.calls.fd_write(fd, at, texts.length, count)
    return failed === 0 ? program.view().getUint32(count, true) : -failed
  }

  test('default: standard output and standard error, all vectors at once', () => {
    const program = start()
    expect(write(program, 1, 'one ', '', 'two')).toBe(7)
    expect(write(program, 2, 'three')).toBe(5)
    expect(program.written).toEqual({ output: 'one two', log: 'three' })
  })

  test('error: a file of the tree, standard input, a directory, nothing open', () => {
    const program = start()
    for (const fd of [program.open('numbers'), 0, directoryFd, badFd]) expect(write(program, fd, 'x')).toBe(-errno.badf)
    expect(program.readText(program.open('numbers'), 10)).toBe('0123456789')
  })

  test('error: outside of the memory, or more bytes than can be counted: nothing is written', () => {
    const program = start()
    const { at } = program.vectors(4, 4)
    program.view().setUint32(at + 8, program.end - 3, true)
    expect(program.calls.fd_write(1, at, 2, 0)).toBe(errno.fault)
    const many = program.place(8 * 1024)
    for (let index = 0; index < 1024; index++) program.view().setUint32(many + index * 8 + 4, program.end, true)
    const grown = startByHand()
    grown.memory.grow(100)
    for (let index = 0; index < 1024; index++) grown.view().setUint32(8 * index + 4, 5 << 20, true)
    expect(grown.calls.fd_write(1, 0, 1024, 0)).toBe(errno.inval)
    expect(program.written.output + grown.written.output).toBe('')
  })
})

describe('fd_pwrite', () => {
  test('error: nothing of the tree is open for writing, and outputs have no positions', () => {
    const program = start()
    const { at } = program.vectors(1)
    expect(program.calls.fd_pwrite(program.open('numbers'), at, 1, 0n, 0)).toBe(errno.badf)
    expect(program.calls.fd_pwrite(1, at, 1, 0n, 0)).toBe(errno.spipe)
    expect(program.calls.fd_pwrite(directoryFd, at, 1, 0n, 0)).toBe(errno.badf)
    expect(program.calls.fd_pwrite(badFd, at, 1, 0n, 0)).toBe(errno.badf)
  })
})

describe('fd_seek', () => {
  const whence = { set: 0, current: 1, end: 2 }
  function seek(program: ReturnType<typeof start>, fd: number, offset: bigint, from: number): number {
    const at = program.place(8)
    const failed = program.calls.fd_seek(fd, offset, from, at)
    return failed === 0 ? Number(program.view().getBigUint64(at, true)) : -failed
  }

  test('default: from the beginning, from here, from the end', () => {
    const program = start()
    const fd = program.open('numbers')
    expect(seek(program, fd, 4n, whence.set)).toBe(4)
    expect(seek(program, fd, -1n, whence.current)).toBe(3)
    expect(program.readText(fd, 2)).toBe('34')
    expect(seek(program, fd, 0n, whence.current)).toBe(5)
    expect(seek(program, fd, -3n, whence.end)).toBe(7)
    expect(program.readText(fd, 9)).toBe('789')
  })

  test('behavior: past the end there is nothing to read', () => {
    const program = start()
    const fd = program.open('numbers')
    expect(seek(program, fd, 5n, whence.end)).toBe(15)
    expect(program.readText(fd, 1)).toBe('')
  })

  test('behavior: standard input is a file too', () => {
    const program = start()
    program.readText(0, 8)
    expect(seek(program, 0, 0n, whence.set)).toBe(0)
    expect(program.readText(0, 8)).toBe('standard')
  })

  test('error: before the beginning, past 2^63, from nowhere: the position stays', () => {
    const program = start()
    const fd = program.open('numbers')
    seek(program, fd, 2n, whence.set)
    expect(seek(program, fd, -1n, whence.set)).toBe(-errno.inval)
    expect(seek(program, fd, -3n, whence.current)).toBe(-errno.inval)
    expect(seek(program, fd, 2n ** 63n - 1n, whence.current)).toBe(-errno.inval)
    expect(seek(program, fd, 0n, 3)).toBe(-errno.inval)
    expect(program.readText(fd, 1)).toBe('2')
  })

  test('error: an output, a directory, nothing open', () => {
    const program = start()
    expect(seek(program, 1, 0n, whence.set)).toBe(-errno.spipe)
    expect(seek(program, directoryFd, 0n, whence.set)).toBe(-errno.badf)
    expect(seek(program, badFd, 0n, whence.set)).toBe(-errno.badf)
  })
})

describe('fd_tell', () => {
  test('default: where the next read begins', () => {
    const program = start()
    const fd = program.open('numbers')
    const at = program.place(8)
    program.readText(fd, 7)
    expect(program.calls.fd_tell(fd, at)).toBe(errno.success)
    expect(program.view().getBigUint64(at, true)).toBe(7n)
  })

  test('error: an output, a directory, nothing open', () => {
    const { calls } = start()
    expect([1, directoryFd, badFd].map(fd => calls.fd_tell(fd, 0))).toEqual([errno.spipe, errno.badf, errno.badf])
  })
})

describe('fd_close', () => {
  test('default: the number is free, and the next opening has it', () => {
    const program = start()
    const [first, second] = [program.open('numbers'), program.open('empty')]
    expect(program.calls.fd_close(first)).toBe(errno.success)
    expect(program.calls.fd_close(first)).toBe(errno.badf)
    expect(program.open('data')).toBe(first)
    expect(program.open('data')).toBe(second + 1)
  })

  test('behavior: standard output can be closed', () => {
    const program = start()
    expect(program.calls.fd_close(1)).toBe(errno.success)
    expect(program.calls.fd_write(1, 0, 0, 0)).toBe(errno.badf)
  })
})

describe('fd_renumber', () => {
  test('default: the other number becomes this one', () => {
    const program = start()
    const [first, second] = [program.open('numbers'), program.open('empty')]
    program.readText(first, 2)
    expect(program.calls.fd_renumber(first, second)).toBe(errno.success)
    expect(program.readText(second, 2)).toBe('23')
    expect(program.readText(first, 1)).toBe(-errno.badf)
  })

  test('behavior: to itself', () => {
    const program = start()
    const fd = program.open('numbers')
    expect(program.calls.fd_renumber(fd, fd)).toBe(errno.success)
    expect(program.readText(fd, 1)).toBe('0')
  })

  test('error: either is not open', () => {
    const { calls } = start()
    expect(calls.fd_renumber(badFd, 1)).toBe(errno.badf)
    expect(calls.fd_renumber(1, badFd)).toBe(errno.badf)
  })
})

describe('fd_readdir', () => {
  interface Entry {
    readonly next: bigint
    readonly inode: bigint
    readonly type: number
    readonly name: string
  }

  function list(fd: number, { room = 4096, cookie = 0n, program = start() } = {}): readonly Entry[] | number {
    const buffer = program.place(room)
    const used = program.place(4)
    const failed = program.calls.fd_readdir(fd, buffer, room, cookie, used)
    if (failed !== 0) return failed
    const end = program.view().getUint32(used, true)
    const entries: Entry[] = []
    for (let at = buffer; at + 24 <= buffer + end; ) {
      const view = program.view()
      const length = view.getUint32(at + 16, true)
      if (at + 24 + length > buffer + end) break
      entries.push({
        next: view.getBigUint64(at, true),
        inode: view.getBigUint64(at + 8, true),
        type: view.getUint8(at + 20),
        name: program.text(at + 24, length),
      })
      at += 24 + length
    }
    return entries
  }

  test('default: the directory, its parent, then the names in order, with their types and inodes', () => {
    expect(list(directoryFd)).toEqual([
      { next: 1n, inode: 1n, type: filetype.directory, name: '.' },
      { next: 2n, inode: 1n, type: filetype.directory, name: '..' },
      { next: 3n, inode: 2n, type: filetype.directory, name: 'data' },
      { next: 4n, inode: 5n, type: filetype.regular, name: 'empty' },
      { next: 5n, inode: 6n, type: filetype.regular, name: 'numbers' },
    ])
    const program = start()
    expect(list(program.open('data'), { program })).toEqual([
      { next: 1n, inode: 2n, type: filetype.directory, name: '.' },
      { next: 2n, inode: 1n, type: filetype.directory, name: '..' },
      { next: 3n, inode: 3n, type: filetype.regular, name: 'a.txt' },
      { next: 4n, inode: 4n, type: filetype.regular, name: 'ü' },
    ])
  })

  test('behavior: goes on from any cookie, and any other is the end', () => {
    const names = (cookie: bigint) => {
      const found = list(directoryFd, { cookie })
      return typeof found === 'number' ? found : found.map(({ name }) => name)
    }
    expect(names(3n)).toEqual(['empty', 'numbers'])
    expect(names(5n)).toEqual([])
    expect(names(2n ** 40n)).toEqual([])
    expect(names(-1n)).toEqual([])
  })

  test('behavior: the order in which files were given does not matter', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(files, { minLength: files.length }), shuffled => {
        expect(list(directoryFd, { program: startByHand({ files: shuffled }) })).toEqual(list(directoryFd))
      }),
    )
  })

  test('behavior: a full buffer ends with a part of an entry, and many calls list everything', () => {
    const many = Array.from({ length: 500 }, (_, index) => ({ path: `file-${index}`, bytes: bytesOf('') }))
    const program = startByHand({ files: many })
    const names: string[] = []
    for (let cookie = 0n; ; ) {
      const found = list(directoryFd, { room: 100, cookie, program })
      if (typeof found === 'number') throw new Error(`errno ${found}`)
      if (found.length === 0) break
      names.push(...found.map(({ name }) => name))
      cookie = found.at(-1)?.next ?? 0n
    }
    expect(names).toEqual(['.', '..', ...many.map(({ path }) => path).sort()])
    const used = program.place(4)
    expect(program.calls.fd_readdir(directoryFd, program.place(30), 30, 0n, used)).toBe(errno.success)
    expect(program.view().getUint32(used, true)).toBe(30)
  })

  test('error: no directory, or no room for it', () => {
    const program = start()
    expect(list(program.open('numbers'), { program })).toBe(errno.notdir)
    expect(list(1)).toBe(errno.notdir)
    expect(list(badFd)).toBe(errno.badf)
    expect(program.calls.fd_readdir(directoryFd, program.end - 1, 2, 0n, 0)).toBe(errno.fault)
  })
})

describe('fd_filestat_get', () => {
  const stat = (fd: number, program = start()) => {
    const at = program.put(new Uint8Array(64).fill(255))
    expect(program.calls.fd_filestat_get(fd, at)).toBe(errno.success)
    const view = program.view()
    const [device, inode, , links, size, ...times] = Array.from({ length: 8 }, (_, index) =>
      Number(view.getBigUint64(at + index * 8, true)),
    )
    return { device, inode, type: view.getUint8(at + 16), links, size, times }
  }

  test('default: size and type; no times, one link, inodes by the order of paths', () => {
    const program = start()
    const common = { device: 0, links: 1, times: [0, 0, 0] }
    expect(stat(program.open('numbers'), program)).toEqual({ ...common, inode: 6, type: filetype.regular, size: 10 })
    expect(stat(directoryFd)).toEqual({ ...common, inode: 1, type: filetype.directory, size: 0 })
    expect(stat(0)).toEqual({ ...common, inode: 0, type: filetype.regular, size: stdin.length })
    expect(stat(1)).toEqual({ ...common, inode: 0, type: filetype.unknown, size: 0 })
  })

  test('behavior: the same again in a program that is started later', () => {
    expect(stat(directoryFd)).toEqual(stat(directoryFd))
  })

  test('error: nothing open, or no place', () => {
    const program = start()
    expect(program.calls.fd_filestat_get(badFd, 0)).toBe(errno.badf)
    expect(program.calls.fd_filestat_get(0, program.end - 63)).toBe(errno.fault)
  })
})

describe('fd_fdstat_get', () => {
  const stat = (fd: number, program = start()) => {
    const at = program.put(new Uint8Array(24).fill(255))
    expect(program.calls.fd_fdstat_get(fd, at)).toBe(errno.success)
    const view = program.view()
    return {
      type: view.getUint8(at),
      flags: view.getUint16(at + 2, true),
      rights: view.getBigUint64(at + 8, true),
      inheriting: view.getBigUint64(at + 16, true),
    }
  }
  const right = { read: 1n << 1n, seek: 1n << 2n, tell: 1n << 5n, write: 1n << 6n, open: 1n << 13n, readdir: 1n << 14n }

  test('default: files are read and sought', () => {
    const program = start()
    for (const found of [stat(program.open('numbers'), program), stat(0)]) {
      expect(found).toMatchObject({ type: filetype.regular, flags: 0, inheriting: 0n })
      expect(found.rights & (right.read | right.seek | right.write)).toBe(right.read | right.seek)
    }
  })

  test('behavior: outputs are no terminals, so that the C library writes in blocks', () => {
    for (const fd of [1, 2]) {
      expect(stat(fd).type).toBe(filetype.unknown)
      expect(stat(fd).rights & (right.read | right.seek | right.tell | right.write)).toBe(right.write)
    }
  })

  test('behavior: a directory is opened in and listed, and lets ask for the right to write', () => {
    const found = stat(directoryFd)
    expect(found.type).toBe(filetype.directory)
    expect(found.rights & (right.open | right.readdir | right.read)).toBe(right.open | right.readdir)
    expect(found.inheriting & (right.read | right.write)).toBe(right.read | right.write)
  })

  test('error: nothing open, or no place', () => {
    const program = start()
    expect(program.calls.fd_fdstat_get(badFd, 0)).toBe(errno.badf)
    expect(program.calls.fd_fdstat_get(0, program.end - 23)).toBe(errno.fault)
  })
})

describe('fd_fdstat_set_flags', () => {
  test('default: flags are kept and change nothing', () => {
    const program = start()
    const at = program.place(24)
    expect(program.calls.fd_fdstat_set_flags(0, 4)).toBe(errno.success)
    program.calls.fd_fdstat_get(0, at)
    expect(program.view().getUint16(at + 2, true)).toBe(4)
    expect(program.readText(0, 8)).toBe('standard')
  })

  test('error: no such flags, nothing open', () => {
    const { calls } = start()
    expect(calls.fd_fdstat_set_flags(0, 32)).toBe(errno.inval)
    expect(calls.fd_fdstat_set_flags(badFd, 0)).toBe(errno.badf)
  })
})

describe('fd_fdstat_set_rights', () => {
  test('error: rights cannot be changed', () => {
    const { calls } = start()
    expect(calls.fd_fdstat_set_rights(0, 0n, 0n)).toBe(errno.notsup)
    expect(calls.fd_fdstat_set_rights(badFd, 0n, 0n)).toBe(errno.badf)
  })
})

describe('fd_filestat_set_size', () => {
  test('error: the tree is read-only', () => {
    const program = start()
    const fd = program.open('numbers')
    expect(program.calls.fd_filestat_set_size(fd, 0n)).toBe(errno.rofs)
    expect(program.calls.fd_filestat_set_size(1, 0n)).toBe(errno.inval)
    expect(program.calls.fd_filestat_set_size(directoryFd, 0n)).toBe(errno.badf)
    expect(program.calls.fd_filestat_set_size(badFd, 0n)).toBe(errno.badf)
    expect(program.readText(fd, 10)).toBe('0123456789')
  })
})

describe('fd_filestat_set_times', () => {
  test('error: the tree is read-only', () => {
    const { calls } = start()
    expect(calls.fd_filestat_set_times(directoryFd, 1n, 1n, 5)).toBe(errno.rofs)
    expect(calls.fd_filestat_set_times(directoryFd, 1n, 1n, 3)).toBe(errno.inval)
    expect(calls.fd_filestat_set_times(badFd, 1n, 1n, 5)).toBe(errno.badf)
  })
})

describe('fd_allocate', () => {
  test('error: nothing of the tree is open for writing', () => {
    const program = start()
    expect(program.calls.fd_allocate(program.open('numbers'), 0n, 100n)).toBe(errno.badf)
    expect(program.calls.fd_allocate(1, 0n, 100n)).toBe(errno.spipe)
    expect(program.calls.fd_allocate(directoryFd, 0n, 100n)).toBe(errno.badf)
    expect(program.calls.fd_allocate(badFd, 0n, 100n)).toBe(errno.badf)
  })
})

describe('fd_advise', () => {
  test('default: any advice is taken and changes nothing', () => {
    const program = start()
    const fd = program.open('numbers')
    for (const advice of [0, 1, 2, 3, 4, 5]) expect(program.calls.fd_advise(fd, 0n, 10n, advice)).toBe(errno.success)
  })

  test('error: no such advice, an output, a directory, nothing open', () => {
    const { calls } = start()
    expect(calls.fd_advise(0, 0n, 0n, 6)).toBe(errno.inval)
    expect(calls.fd_advise(1, 0n, 0n, 0)).toBe(errno.spipe)
    expect(calls.fd_advise(directoryFd, 0n, 0n, 0)).toBe(errno.badf)
    expect(calls.fd_advise(badFd, 0n, 0n, 0)).toBe(errno.badf)
  })
})

describe('fd_sync', () => {
  test('default: there is nothing to wait for', () => {
    const { calls } = start()
    expect([0, 1, directoryFd, badFd].map(fd => calls.fd_sync(fd))).toEqual([0, 0, 0, errno.badf])
  })
})

describe('fd_datasync', () => {
  test('default: there is nothing to wait for', () => {
    const { calls } = start()
    expect([0, 1, directoryFd, badFd].map(fd => calls.fd_datasync(fd))).toEqual([0, 0, 0, errno.badf])
  })
})

describe('fd_prestat_get', () => {
  test('default: the tree is the only one that is there from the start', () => {
    const program = start()
    const at = program.put(new Uint8Array(8).fill(255))
    expect(program.calls.fd_prestat_get(directoryFd, at)).toBe(errno.success)
    expect([...program.read(at, 8)]).toEqual([0, 0, 0, 0, 1, 0, 0, 0])
  })

  test('error: anything else, which is where the C library stops asking', () => {
    const program = start()
    const opened = program.open('data')
    for (const fd of [0, 1, 2, opened, badFd]) expect(program.calls.fd_prestat_get(fd, 0)).toBe(errno.badf)
  })
})

describe('fd_prestat_dir_name', () => {
  test('default: the tree is /', () => {
    const program = start()
    const at = program.put(bytesOf('xyz'))
    expect(program.calls.fd_prestat_dir_name(directoryFd, at, 3)).toBe(errno.success)
    expect(program.text(at, 3)).toBe('/yz')
  })

  test('error: no room, or nothing that is there from the start', () => {
    const program = start()
    expect(program.calls.fd_prestat_dir_name(directoryFd, 0, 0)).toBe(errno.nametoolong)
    expect(program.calls.fd_prestat_dir_name(0, 0, 1)).toBe(errno.badf)
    expect(program.calls.fd_prestat_dir_name(directoryFd, program.end, 1)).toBe(errno.fault)
  })
})
