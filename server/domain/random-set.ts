const absent = -1

/** A set of numbers from 0 to `capacity - 1`, from which a random member is taken in constant time. */
export class RandomSet {
  readonly #members: Int32Array
  /** Of each number, where among the members it is. */
  readonly #places: Int32Array
  #size = 0

  constructor(capacity: number) {
    this.#members = new Int32Array(capacity)
    this.#places = new Int32Array(capacity).fill(absent)
  }

  get size(): number {
    return this.#size
  }

  has(member: number): boolean {
    return this.#places[member] !== absent
  }

  /** Adds or deletes. */
  toggle(member: number, isMember: boolean): void {
    if (isMember) this.add(member)
    else this.delete(member)
  }

  add(member: number): void {
    if (this.has(member)) return
    this.#places[member] = this.#size
    this.#members[this.#size++] = member
  }

  delete(member: number): void {
    const place = this.#places[member] as number
    if (place === absent) return
    const last = this.#members[--this.#size] as number
    this.#members[place] = last
    this.#places[last] = place
    this.#places[member] = absent
  }

  /** @param random in [0, 1) */
  at(random: number): number | undefined {
    return this.#size === 0 ? undefined : this.#members[Math.floor(random * this.#size)]
  }

  /** The members now: those that are deleted meanwhile are not skipped. */
  values(): Int32Array {
    return this.#members.slice(0, this.#size)
  }
}
