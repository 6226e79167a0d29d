import {shortPath} from '../base/origin.ts'
import {hasEnded} from '../model/event.ts'
import type {JudgedChange} from './change.ts'
import {Keeper} from './keeper.ts'
import {Reruns} from './reruns.ts'

/** For those that have to be told to work. */
export abstract class Rerunner extends Keeper {
  protected readonly reruns = new Reruns({
    run: changes => {
      this.began()
      this.tell(changes)
      this.run()
    },
    onOutputs: paths => {
      const {supervisor, worker} = this.kept
      const {cwd} = worker.spec
      const some = paths.slice(0, 3).map(path => shortPath(path, cwd))
      const more = paths.length > some.length ? ` and ${paths.length - some.length} more` : ''
      const text = `what is written to ${some.join(', ')}${more} while compilers run starts no run any more; a line in .gitignore says so from the start`
      supervisor.note(worker.spec, 'warning', text)
    },
  })

  override again(): void {
    if (!hasEnded(this.kept.worker.info)) this.reruns.again()
  }

  protected abstract run(): void

  protected began(): void {
    this.working()
    this.reruns.began(Date.now())
  }

  protected ended(): void {
    this.resting()
    this.reruns.ended()
  }

  protected readonly listener = {
    isVital: true,
    onChanges: (changes: readonly JudgedChange[]) => this.reruns.take(changes),
  }

  protected override left(): void {
    this.reruns.forget()
  }
}
