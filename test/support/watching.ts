import type {Context} from '../../src/base/context.ts'
import type {Target} from '../../src/driver/target.ts'
import type {Event} from '../../src/model/event.ts'
import type {LogLine} from '../../src/supervisor/types.ts'
import {type WatchRun, watchRuns} from '../../src/watch/runs.ts'
import type {WatchRequest} from '../../src/watch/types.ts'
import {watch} from '../../src/watch/watch.ts'
import {Occurrences} from './occurrences.ts'
import type {Sandbox} from './sandbox.ts'

/** Watches a sandbox's project, and remembers all that it is told. */
export async function watching(
  box: Sandbox,
  targets: readonly Target[],
  wish: Partial<WatchRequest> & {context?: Context} = {},
) {
  const events = new Occurrences<Event>()
  const lines = new Occurrences<LogLine>()
  const runs = new Occurrences<WatchRun>()
  const {context = box.context, ...more} = wish
  const take = watchRuns(run => runs.add(run), Date.now)
  const running = await watch(
    context,
    {root: box.project, targets, release: '0.0.0', ...more},
    {
      onEvent: event => {
        events.add(event)
        take(event)
      },
      onLine: line => lines.add(line),
    },
  )
  return {
    running,
    events,
    lines,
    runs,
    /** Resolves with the run of that number, from 1. */
    run: async (number: number) => {
      await runs.when(() => runs.all.length >= number)
      return runs.all[number - 1] as WatchRun
    },
    [Symbol.asyncDispose]: () => running.stop(),
  }
}
