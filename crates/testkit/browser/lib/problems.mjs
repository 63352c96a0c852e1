// What went wrong, once each, in the order found.

export class Problems {
  #lines = new Map();

  add(where, what) {
    const line = `${where}: ${what}`;
    this.#lines.set(line, (this.#lines.get(line) || 0) + 1);
  }

  check(holds, where, what) {
    if (!holds) this.add(where, what);
    return holds;
  }

  /** Prints all; the exit code. */
  report() {
    for (const [line, times] of this.#lines) console.log(`PROBLEM ${line}${times > 1 ? ` (${times} times)` : ""}`);
    console.log(this.#lines.size ? `${this.#lines.size} problems` : "no problems");
    return this.#lines.size ? 1 : 0;
  }
}
