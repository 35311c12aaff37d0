import { TidemillError } from '../errors.ts'

/** What a poster chose cannot become a job. The message says why, and what to change. */
export class PostingError extends TidemillError {
  override readonly name = 'PostingError'
}
