/** What was made last for a key, up to a number of keys; the one used longest ago is forgotten first. */
export class Recent<Key, Value> {
  readonly #most: number;
  readonly #known = new Map<Key, Value>();
  #last: { readonly key: Key; readonly value: Value } | undefined;

  constructor(most: number) {
    this.#most = most;
  }

  get(key: Key, make: () => Value): Value {
    if (this.#last?.key === key) return this.#last.value;
    const value = this.#known.get(key) ?? make();
    this.#last = { key, value };
    this.#known.delete(key);
    this.#known.set(key, value);
    if (this.#known.size > this.#most) this.#known.delete(this.#known.keys().next().value!);
    return value;
  }
}
