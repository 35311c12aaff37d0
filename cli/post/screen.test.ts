import { describe, expect, test } from 'vitest'
import { createScreen, progressBar } from './screen.ts'

function collect(isTTY: boolean) {
  let text = ''
  const screen = createScreen({
    isTTY,
    write: part => {
      text += part
    },
  })
  return { screen, text: () => text }
}

describe('createScreen', () => {
  test('default: on a terminal the next line replaces the last', () => {
    const { screen, text } = collect(true)
    screen.show('one')
    screen.show('two')
    screen.say('done')
    screen.say('more')
    expect(text()).toBe('\r\x1b[2Kone\r\x1b[2Ktwo\r\x1b[2Kdone\nmore\n')
  })

  test('behavior: elsewhere each change is a line', () => {
    const { screen, text } = collect(false)
    for (const line of ['one', 'one', 'two']) screen.show(line)
    screen.say('done')
    expect(text()).toBe('one\ntwo\ndone\n')
  })
})

describe('progressBar', () => {
  test.each([
    [0, 10, '[------------------------] 0 %'],
    [5, 10, '[############------------] 50 %'],
    [10, 10, '[########################] 100 %'],
    [0, 0, '[------------------------] 0 %'],
    [99_999, 100_000, '[#######################-] 99 %'],
  ])('behavior: %d of %d', (done, of, bar) => {
    expect(progressBar(done, of)).toBe(bar)
  })
})
