import { describe, expect, test } from 'vitest'
import { createFormat } from './format.ts'

const en = createFormat('en')
const zh = createFormat('zh')

describe('createFormat', () => {
  test('default', () => {
    expect(en.integer(1234567)).toBe('1,234,567')
    expect(en.decimal(1.005, 1)).toBe('1.0')
    expect(en.watts(3, 12)).toMatch(/^3.{1,3}12 W$/)
    expect(en.power(-12)).toBe('10⁻¹²')
    expect(en.list(['one', 'two'])).toBe('one and two')
    expect(zh.list(['一', '二'])).toBe('一和二')
  })

  test('behavior: a 64-bit count keeps every digit', () => {
    expect(en.integer('18446744073709551615')).toBe('18,446,744,073,709,551,615')
  })

  test('behavior: a share is never rounded up to done', () => {
    expect(en.percent(0.99999)).toBe('99%')
    expect(en.percent(0.99999, 2)).toBe('99.99%')
    expect(en.percent(1)).toBe('100%')
  })

  test('behavior: a share shows as many digits as it needs to move', () => {
    expect([0, 1e-9, 0.000_02, 0.5, 0.999_99, 1].map(en.share)).toEqual([
      '0%',
      '< 0.001%',
      '0.002%',
      '50.0%',
      '99.9%',
      '100%',
    ])
  })

  test('behavior: a doubt has two digits, and is never nothing', () => {
    expect([0, 1e-9, 0.000_000_2, 1 - 0.999, 1 - 0.9998, 0.2].map(en.doubt)).toEqual([
      '< 0.00001%',
      '< 0.00001%',
      '0.00002%',
      '0.1%',
      '0.02%',
      '20%',
    ])
  })

  test('behavior: a moment of today is told by its time alone', () => {
    const now = new Date(2026, 10, 22, 23, 59)
    expect(en.moment(new Date(2026, 10, 22, 8, 5, 9).toISOString(), now)).toMatch(/^8:05:09.AM$/)
    expect(en.moment(new Date(2026, 10, 21, 8, 5, 9).toISOString(), now)).toContain('Nov 21, 2026')
  })

  test('behavior: four digits stand without a comma', () => {
    expect(en.integer(2013)).toBe('2013')
    expect(en.integer(10_000)).toBe('10,000')
  })

  test('behavior: a duration shows its two largest units', () => {
    expect(en.duration(0)).toBe('0 sec')
    expect(en.duration(59_600)).toBe('1 min')
    expect(en.duration(200_000)).toBe('3 min 20 sec')
    expect(en.duration(3_600_000)).toBe('1 hr')
    expect(en.duration(93_784_000)).toBe('1 day 2 hr')
    expect(zh.duration(200_000)).toBe('3分钟20秒')
    expect(en.duration(-5)).toBe('0 sec')
  })

  test('behavior: bytes in decimal units', () => {
    expect(en.bytes(0)).toBe('0 bytes')
    expect(en.bytes(999)).toBe('999 bytes')
    expect(en.bytes(12_345)).toBe('12 kB')
    expect(en.bytes(1_500_000)).toBe('1.5 MB')
  })

  test('behavior: a small credit does not read as none', () => {
    expect([0.0099, 0.00042, 0.00001].map(en.credit)).toEqual(['0.0099', '0.0004', '< 0.0001'])
  })

  test('behavior: credit keeps a fixed count of digits while it grows', () => {
    expect([0, 9.5, 99.999, 1234.56, 98765].map(en.credit)).toEqual(['0.00', '9.50', '100.00', '1,234.6', '98,765'])
  })
})
