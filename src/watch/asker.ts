import {messageOf} from '../base/errors.ts'
import type {Event} from '../model/event.ts'
import {isCannotCompile} from '../supervisor/worker-error.ts'
import type {KeptAtWork} from './keeper.ts'
import {Rerunner} from './rerunner.ts'

/** For a compiler of the protocol, which lives on. */
export class Asker extends Rerunner {
  #runs = 0
  #isCompiling = false

  constructor(kept: KeptAtWork) {
    super(kept)
    // Until it is ready there is no use in asking, and then all is compiled.
    this.reruns.began(Date.now())
  }

  protected run(): void {
    const {worker, supervisor} = this.kept
    this.#runs += 1
    this.#isCompiling = true
    const taskId = `run-${this.#runs}`
    worker
      .compile({taskId, arguments: [...(worker.spec.ipc?.arguments ?? [])]})
      .catch(error => {
        if (isCannotCompile(error)) this.cannotBegin(error)
        if (this.#isReady) supervisor.note(worker.spec, 'error', messageOf(error))
      })
      .finally(() => {
        this.#isCompiling = false
        this.hasBegun()
        if (this.#isReady) this.ended()
        else this.resting()
      })
  }

  /** A new process has compiled nothing yet. */
  protected heard(event: Event): void {
    if (event.type !== 'worker/state' || event.state.kind !== 'ready') return
    this.reruns.again()
    if (!this.#isCompiling) this.ended()
  }

  protected override left(): void {
    super.left()
    this.reruns.began(Date.now())
  }

  get #isReady(): boolean {
    return this.kept.worker.info.state.kind === 'ready'
  }
}
