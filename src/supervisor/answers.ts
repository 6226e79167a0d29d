import {connect} from 'node:net'
import {reachable} from '../model/listening.ts'
import type {Clock} from '../process/clock.ts'

const firstPause = 10
const longestPause = 250
const attemptTimeout = 1000

/** Resolves, true, when a TCP connection to the server succeeds; false when it still doesn't after `timeout` ms, or aborted. */
export async function answers(
  {host, port}: {host: string; port: number},
  {clock, timeout, signal}: {clock: Clock; timeout: number; signal: AbortSignal},
): Promise<boolean> {
  const deadline = clock.now() + timeout
  for (let pause = firstPause; ; pause = Math.min(pause * 2, longestPause)) {
    if (await accepts(reachable(host), port, signal)) return true
    if (signal.aborted || clock.now() + pause > deadline) return false
    await sleep(clock, pause, signal)
  }
}

function accepts(host: string, port: number, signal: AbortSignal): Promise<boolean> {
  const {promise, resolve} = Promise.withResolvers<boolean>()
  const socket = connect({host, port, timeout: attemptTimeout, autoSelectFamily: true, signal})
  socket.once('connect', () => resolve(true))
  socket.once('timeout', () => resolve(false))
  socket.on('error', () => resolve(false))
  return promise.finally(() => socket.destroy())
}

function sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  const {promise, resolve} = Promise.withResolvers<void>()
  const cancel = clock.setTimeout(resolve, ms)
  signal.addEventListener('abort', () => resolve(), {once: true})
  return promise.finally(cancel)
}
