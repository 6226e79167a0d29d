import {setTimeout as delay} from 'node:timers/promises'
import type {Target} from '../../src/driver/target.ts'
import type {Event} from '../../src/model/event.ts'
import type {LogLine} from '../../src/supervisor/types.ts'
import {type WatchRun, watchRuns} from '../../src/watch/runs.ts'
import type {WatchRequest} from '../../src/watch/types.ts'
import {watch} from '../../src/watch/watch.ts'
import {Occurrences} from './occurrences.ts'
import type {Sandbox} from './sandbox.ts'

/** Watches a sandbox's project, and remembers all that it is told. */
export function watching(box: Sandbox, targets: readonly Target[], wish: Partial<WatchRequest> = {}) {
  const events = new Occurrences<Event>()
  const lines = new Occurrences<LogLine>()
  const runs = new Occurrences<WatchRun>()
  const giveUp = new AbortController()
  const context = box.at({signal: giveUp.signal})
  const take = watchRuns(run => runs.add(run))
  const listener = {
    onEvent: (event: Event) => {
      events.add(event)
      take(event)
    },
    onLine: (line: LogLine) => lines.add(line),
  }
  const request = {root: box.project, targets, release: '0.0.0', ...wish}
  // What was written just before counts as a change, since the clocks of file systems are behind.
  const started = delay(30).then(() => watch(context, request, listener))
  started.catch(() => {})
  return {
    /** Resolves when each has run. */
    started,
    events,
    lines,
    runs,
    giveUp: () => giveUp.abort(),
    /** Resolves with the run of that number, from 1. */
    run: async (number: number) => {
      await runs.when(() => runs.all.length >= number)
      return runs.all[number - 1] as WatchRun
    },
    async [Symbol.asyncDispose]() {
      giveUp.abort()
      await (await started.catch(() => undefined))?.ended
    },
  }
}
