import {atExit} from '../process/at-exit.ts'
import {killGroups, type ProcessGroup} from '../process/group.ts'
import type {Watchdog} from '../process/watchdog.ts'

/**
 * The process groups that run. Whatever ends this process normally, an uncaught error too, kills them first; what
 * doesn't leave it the time for that is seen by the watchdog.
 */
export class LiveGroups {
  readonly #pids = new Set<number>()
  readonly #watchdog: Watchdog
  #forget = () => {}

  constructor(watchdog: Watchdog) {
    this.#watchdog = watchdog
  }

  /** To be called before a group begins. */
  expect(): void {
    this.#watchdog.start()
  }

  add(group: ProcessGroup): void {
    if (this.#pids.size === 0) this.#forget = atExit(this.#killAll)
    this.#pids.add(group.pid)
    this.#watchdog.add(group)
  }

  /** To be called once the group is gone: its number may soon be another's. */
  delete(pid: number): void {
    this.#pids.delete(pid)
    if (this.#pids.size === 0) this.#forget()
    this.#watchdog.delete(pid)
  }

  #killAll = (): void => {
    killGroups(this.#pids)
  }
}
