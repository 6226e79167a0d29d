import type {Event} from '../model/event.ts'
import type {KeptAtWork} from './keeper.ts'
import {Rerunner} from './rerunner.ts'

/** For a compiler each of whose processes is a run. */
export class Starter extends Rerunner {
  constructor(kept: KeptAtWork) {
    super(kept)
    this.began()
  }

  protected run(): void {
    // Why it can't is told by its states.
    this.kept.worker.restart().catch(() => {})
  }

  protected heard(event: Event): void {
    if (event.type !== 'worker/state') return
    const {kind, ...state} = event.state
    // Somebody else may have started it.
    if (kind === 'starting' && 'pid' in state && state.pid === null) this.began()
    if (kind === 'idle') this.ended()
  }
}
