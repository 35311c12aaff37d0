import { TidemillError } from '../protocol/errors.ts'

/** A setting has a value that it cannot have. */
export class SettingError extends TidemillError {
  override readonly name = 'SettingError'
  constructor(variable: string, value: string, expected: string) {
    super(`${variable} is "${value}", but must be ${expected}.`)
  }
}
