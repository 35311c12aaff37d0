/**
 * Bytes by name, kept between visits. Names are of `[\w.-]`, at most 100 characters.
 * A `put` is seen whole or not at all, also after a crash in its middle.
 */
export interface Store {
  get(name: string): Promise<Uint8Array<ArrayBuffer> | undefined>
  put(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>
  /** Of a name that is not there: nothing happens. */
  delete(name: string): Promise<void>
  /** All names, in any order. */
  list(): Promise<string[]>
}
