/** What a person may watch; each call is about one install, by its id. Ids are unique in one run. */
export interface InstallProgress {
  onStart(id: number, what: {toolchain: string; version: string}): void
  /** Bytes of the archive so far, and how many there will be, once that is known. Starts again at 0 after a broken transfer. */
  onBytes(id: number, received: number, total: number | undefined): void
  onPhase(id: number, phase: InstallPhase): void
  /** Also after a failure, and for a version that was there already. */
  onFinish(id: number): void
}

/**
 * `waiting`: another process installs the same version; `downloading`: the archive is verified and
 * unpacked as it comes; `storing`: it is complete and goes to the disk.
 */
export type InstallPhase = 'waiting' | 'downloading' | 'storing'

/** @internal Progress of one install. */
export interface Watcher {
  bytes(received: number, total: number | undefined): void
  phase(phase: InstallPhase): void
}
