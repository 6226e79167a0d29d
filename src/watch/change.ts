/** What happened to a file. */
export interface Change {
  /** Absolute. */
  path: string
  type: 'created' | 'changed' | 'deleted'
  /** When, in ms since the epoch: of a file that is there by its inode, else when it was noticed. */
  at: number
}

/** A change that may be the work of a compiler itself. */
export interface JudgedChange extends Change {
  /** Whether it happened while a compiler of this project was running. */
  during: boolean
}
