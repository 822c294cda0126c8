/** Values by key, no more than `most`: those set longest ago are forgotten first. */
export class Remembered<Key, Value> {
  readonly #most: number
  readonly #values = new Map<Key, Value>()

  constructor(most: number) {
    this.#most = most
  }

  get(key: Key): Value | undefined {
    return this.#values.get(key)
  }

  set(key: Key, value: Value): void {
    // A map keeps the order of insertion.
    this.#values.delete(key)
    this.#values.set(key, value)
    const [oldest] = this.#values.keys()
    if (this.#values.size > this.#most) this.#values.delete(oldest!)
  }

  delete(key: Key): void {
    this.#values.delete(key)
  }
}
