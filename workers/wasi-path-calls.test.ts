import { describe, expect, test } from 'vitest'
import { bytesOf, errno, startByHand } from './testing/wasi-program.ts'

const files = [
  { path: 'a.txt', bytes: bytesOf('first') },
  { path: 'data/deep/b.txt', bytes: bytesOf('second') },
  { path: '数据/ü', bytes: bytesOf('third') },
]
const start = () => startByHand({ files })
const [tree, badFd] = [3, 99]
const flag = { create: 1, directory: 2, exclusive: 4, truncate: 8 }
const writeRight = 1n << 6n

/** Nothing a program does changes what the next look at the tree finds. */
function expectUntouched(program: ReturnType<typeof start>): void {
  expect(program.readText(program.open('a.txt'), 99)).toBe('first')
  expect(program.readText(program.open('data/deep/b.txt'), 99)).toBe('second')
  expect(program.open('new')).toBe(-errno.noent)
}

describe('path_open', () => {
  test('default: files by their paths, at any depth, in any script', () => {
    const program = start()
    expect(program.readText(program.open('a.txt'), 99)).toBe('first')
    expect(program.readText(program.open('data/deep/b.txt'), 99)).toBe('second')
    expect(program.readText(program.open('数据/ü'), 99)).toBe('third')
  })

  test('behavior: names that lead back and forth inside of the directory', () => {
    const program = start()
    for (const path of ['./a.txt', 'data/../a.txt', 'data//deep/.././../a.txt'])
      expect(program.readText(program.open(path), 99), path).toBe('first')
  })

  test('behavior: from a directory that was opened, and no further up', () => {
    const program = start()
    const data = program.open('data', { flags: flag.directory })
    expect(program.readText(program.open('deep/b.txt', { from: data }), 99)).toBe('second')
    expect(program.open('../a.txt', { from: data })).toBe(-errno.notcapable)
  })

  test('behavior: creating what is there opens it', () => {
    const program = start()
    expect(program.readText(program.open('a.txt', { flags: flag.create }), 99)).toBe('first')
  })

  test('error: missing, outside, empty, or not UTF-8', () => {
    const program = start()
    for (const path of ['b.txt', 'data/b.txt', 'none/b.txt', '']) expect(program.open(path), path).toBe(-errno.noent)
    for (const path of ['/a.txt', '..', '../a.txt', 'data/../../a.txt'])
      expect(program.open(path), path).toBe(-errno.notcapable)
    const at = program.put(new Uint8Array([0xff, 0xfe]))
    expect(program.calls.path_open(tree, 0, at, 2, 0, 2n, 0n, 0, 0)).toBe(errno.ilseq)
    expect(program.open('a.txt\0b')).toBe(-errno.inval)
  })

  test('error: a file where a directory must be', () => {
    const program = start()
    for (const path of ['a.txt/', 'a.txt/b']) expect(program.open(path), path).toBe(-errno.notdir)
    expect(program.open('a.txt', { flags: flag.directory })).toBe(-errno.notdir)
  })

  test('error: everything that would change the tree', () => {
    const program = start()
    expect(program.open('new', { flags: flag.create })).toBe(-errno.rofs)
    expect(program.open('data/new', { flags: flag.create })).toBe(-errno.rofs)
    expect(program.open('none/new', { flags: flag.create })).toBe(-errno.noent)
    expect(program.open('a.txt', { flags: flag.truncate })).toBe(-errno.rofs)
    expect(program.open('a.txt', { rights: writeRight })).toBe(-errno.rofs)
    expect(program.open('a.txt', { flags: flag.create | flag.exclusive })).toBe(-errno.exist)
    expect(program.open('data', { rights: writeRight })).toBe(-errno.isdir)
    expect(program.open('data', { flags: flag.create })).toBe(-errno.isdir)
    expectUntouched(program)
  })

  test('error: from a file, from an output, from nothing', () => {
    const program = start()
    expect(program.open('a.txt', { from: program.open('a.txt') })).toBe(-errno.notdir)
    expect(program.open('a.txt', { from: 1 })).toBe(-errno.notdir)
    expect(program.open('a.txt', { from: badFd })).toBe(-errno.badf)
  })

  test('error: more than 1024 open at once', () => {
    const program = start()
    for (let fd = 4; fd < 1024; fd++) expect(program.open('a.txt')).toBe(fd)
    expect(program.open('a.txt')).toBe(-errno.mfile)
    program.calls.fd_close(500)
    expect(program.open('a.txt')).toBe(500)
  })

  test('error: no place for the number: nothing is left open', () => {
    const program = start()
    expect(program.path('path_open', [tree, 0], 'a.txt', 0, 2n, 0n, 0, program.end)).toBe(errno.fault)
    expect(program.open('a.txt')).toBe(4)
    expect(program.calls.path_open(tree, 0, program.end, 1, 0, 2n, 0n, 0, 0)).toBe(errno.fault)
  })
})

describe('path_filestat_get', () => {
  const stat = (path: string, program = start()) => {
    const at = program.put(new Uint8Array(64).fill(255))
    const failed = program.path('path_filestat_get', [tree, 1], path, at)
    if (failed !== 0) return failed
    const view = program.view()
    const [, inode, , links, size, ...times] = Array.from({ length: 8 }, (_, index) =>
      Number(view.getBigUint64(at + index * 8, true)),
    )
    return { inode, type: view.getUint8(at + 16), links, size, times }
  }

  test('default: files and directories', () => {
    const common = { links: 1, times: [0, 0, 0] }
    expect(stat('a.txt')).toEqual({ ...common, inode: 2, type: 4, size: 5 })
    expect(stat('data/deep')).toEqual({ ...common, inode: 4, type: 3, size: 0 })
    expect(stat('data/deep/b.txt')).toEqual({ ...common, inode: 5, type: 4, size: 6 })
    expect(stat('.')).toEqual({ ...common, inode: 1, type: 3, size: 0 })
  })

  test('error: missing, outside, no directory', () => {
    expect(stat('none')).toBe(errno.noent)
    expect(stat('')).toBe(errno.noent)
    expect(stat('../a.txt')).toBe(errno.notcapable)
    expect(stat('a.txt/b')).toBe(errno.notdir)
    expect(start().path('path_filestat_get', [badFd, 1], 'a.txt', 0)).toBe(errno.badf)
  })
})

describe('path_create_directory', () => {
  test('error: the tree is read-only', () => {
    const program = start()
    expect(program.path('path_create_directory', [tree], 'new')).toBe(errno.rofs)
    expect(program.path('path_create_directory', [tree], 'data')).toBe(errno.exist)
    expect(program.path('path_create_directory', [tree], 'none/new')).toBe(errno.noent)
    expect(program.path('path_create_directory', [badFd], 'new')).toBe(errno.badf)
    expectUntouched(program)
  })
})

describe('path_remove_directory', () => {
  test('error: the tree is read-only', () => {
    const program = start()
    expect(program.path('path_remove_directory', [tree], 'data')).toBe(errno.rofs)
    expect(program.path('path_remove_directory', [tree], 'a.txt')).toBe(errno.notdir)
    expect(program.path('path_remove_directory', [tree], 'none')).toBe(errno.noent)
    expectUntouched(program)
  })
})

describe('path_unlink_file', () => {
  test('error: the tree is read-only', () => {
    const program = start()
    expect(program.path('path_unlink_file', [tree], 'a.txt')).toBe(errno.rofs)
    expect(program.path('path_unlink_file', [tree], 'data')).toBe(errno.isdir)
    expect(program.path('path_unlink_file', [tree], 'none')).toBe(errno.noent)
    expectUntouched(program)
  })
})

describe('path_rename', () => {
  const rename = (program: ReturnType<typeof start>, from: string, to: string, toFd = tree) => {
    const bytes = bytesOf(to)
    return program.path('path_rename', [tree], from, toFd, program.put(bytes), bytes.length)
  }

  test('error: the tree is read-only', () => {
    const program = start()
    expect(rename(program, 'a.txt', 'new')).toBe(errno.rofs)
    expect(rename(program, 'a.txt', 'data/deep/b.txt')).toBe(errno.rofs)
    expect(rename(program, 'none', 'new')).toBe(errno.noent)
    expect(rename(program, 'a.txt', 'none/new')).toBe(errno.noent)
    expect(rename(program, 'a.txt', 'new', badFd)).toBe(errno.badf)
    expectUntouched(program)
  })
})

describe('path_link', () => {
  const link = (program: ReturnType<typeof start>, from: string, to: string) => {
    const bytes = bytesOf(to)
    return program.path('path_link', [tree, 0], from, tree, program.put(bytes), bytes.length)
  }

  test('error: the tree is read-only', () => {
    const program = start()
    expect(link(program, 'a.txt', 'new')).toBe(errno.rofs)
    expect(link(program, 'a.txt', 'data')).toBe(errno.exist)
    expect(link(program, 'none', 'new')).toBe(errno.noent)
    expectUntouched(program)
  })
})

describe('path_symlink', () => {
  const link = (program: ReturnType<typeof start>, fd: number, to: string) =>
    program.path('path_symlink', [program.put(bytesOf('a.txt')), 5, fd], to)

  test('error: the tree is read-only', () => {
    const program = start()
    expect(link(program, tree, 'new')).toBe(errno.rofs)
    expect(link(program, tree, 'data')).toBe(errno.exist)
    expect(link(program, badFd, 'new')).toBe(errno.badf)
    expectUntouched(program)
  })
})

describe('path_readlink', () => {
  test('error: there are no links', () => {
    const program = start()
    expect(program.path('path_readlink', [tree], 'a.txt', 0, 8, 0)).toBe(errno.inval)
    expect(program.path('path_readlink', [tree], 'none', 0, 8, 0)).toBe(errno.noent)
  })
})

describe('path_filestat_set_times', () => {
  test('error: the tree is read-only', () => {
    const program = start()
    expect(program.path('path_filestat_set_times', [tree, 0], 'a.txt', 1n, 1n, 5)).toBe(errno.rofs)
    expect(program.path('path_filestat_set_times', [tree, 0], 'a.txt', 1n, 1n, 12)).toBe(errno.inval)
    expect(program.path('path_filestat_set_times', [tree, 0], 'none', 1n, 1n, 5)).toBe(errno.noent)
  })
})
