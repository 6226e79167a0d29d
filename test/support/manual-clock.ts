import type {Clock} from '../../src/process/clock.ts'

/** A clock whose time passes only when a test says so. */
export interface ManualClock extends Clock {
  /** Lets time pass, calling back what is due on the way, in order. */
  advance(ms: number): void
  /** Resolves when somebody waits for a moment at most `ms` away. */
  awaited(ms: number): Promise<void>
}

export function manualClock(start = 1_000_000): ManualClock {
  let time = start
  const timers = new Map<object, {at: number; callback: () => void}>()
  let watchers: (() => void)[] = []
  const isAwaited = (ms: number) => [...timers.values()].some(({at}) => at - time <= ms)
  return {
    now: () => time,
    setTimeout(callback, ms) {
      const key = {}
      timers.set(key, {at: time + ms, callback})
      for (const watcher of watchers) watcher()
      return () => timers.delete(key)
    },
    advance(ms) {
      const end = time + ms
      for (;;) {
        const due = [...timers].filter(([, {at}]) => at <= end).sort(([, a], [, b]) => a.at - b.at)[0]
        if (!due) break
        const [key, {at, callback}] = due
        timers.delete(key)
        time = Math.max(time, at)
        callback()
      }
      time = end
    },
    async awaited(ms) {
      const {promise, resolve} = Promise.withResolvers<void>()
      const look = () => {
        if (isAwaited(ms)) resolve()
      }
      watchers.push(look)
      look()
      await promise
      watchers = watchers.filter(watcher => watcher !== look)
    },
  }
}
