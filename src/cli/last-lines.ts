/** The last lines of each worker, kept until they have to be shown. */
export class LastLines {
  readonly #most: number
  readonly #lines = new Map<string, string[]>()

  /** @param most lines of a worker */
  constructor(most: number) {
    this.#most = most
  }

  add(workerId: string, text: string): void {
    this.#lines.set(workerId, [...(this.#lines.get(workerId) ?? []), text].slice(-this.#most))
  }

  /** What is kept of a worker, which is forgotten by that. */
  take(workerId: string): string {
    const lines = this.#lines.get(workerId) ?? []
    this.#lines.delete(workerId)
    return lines.join('')
  }
}
