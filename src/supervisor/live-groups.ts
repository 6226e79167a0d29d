import {signalGroup} from '../process/group.ts'

/** The process groups that run. Whatever ends this process normally, an uncaught error too, kills them first. */
export class LiveGroups {
  readonly #pids = new Set<number>()

  add(pid: number): void {
    if (this.#pids.size === 0) process.on('exit', this.#killAll)
    this.#pids.add(pid)
  }

  /** To be called once the group is gone: its number may soon be another's. */
  delete(pid: number): void {
    this.#pids.delete(pid)
    if (this.#pids.size === 0) process.off('exit', this.#killAll)
  }

  #killAll = (): void => {
    for (const pid of this.#pids) signalGroup(pid, 'SIGKILL')
  }
}
