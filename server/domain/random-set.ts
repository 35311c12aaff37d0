/** A set of numbers from which a random member is taken in constant time. */
export class RandomSet {
  readonly #members: number[] = []
  readonly #places = new Map<number, number>()

  get size(): number {
    return this.#members.length
  }

  /** Adds or deletes. */
  toggle(member: number, isMember: boolean): void {
    if (isMember) this.add(member)
    else this.delete(member)
  }

  add(member: number): void {
    if (this.#places.has(member)) return
    this.#places.set(member, this.#members.length)
    this.#members.push(member)
  }

  delete(member: number): void {
    const place = this.#places.get(member)
    if (place === undefined) return
    const last = this.#members.pop() as number
    this.#places.delete(member)
    if (last === member) return
    this.#members[place] = last
    this.#places.set(last, place)
  }

  /** @param random in [0, 1) */
  at(random: number): number | undefined {
    return this.#members[Math.floor(random * this.#members.length)]
  }
}
