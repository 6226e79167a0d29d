import {stripVTControlCharacters} from 'node:util'
import {bracketed, listeningAt, reachable} from '../model/listening.ts'
import type {ServerListeningParams} from '../model/protocol.ts'
import {listeningSockets} from '../process/listening-sockets.ts'
import type {Timers} from './timers.ts'

/** Longest part of a line that is looked at. */
const maxLineLength = 10_000
/** Ms between two looks for a socket. */
const firstLook = 50
const longestLook = 1000

/** Whether a line, as printed, is the one that says that a worker is ready. */
export function saysReady(pattern: RegExp, line: string): boolean {
  // One with the flag g would go on where it was.
  pattern.lastIndex = 0
  return pattern.test(stripVTControlCharacters(line.slice(0, maxLineLength)))
}

/** Looks for TCP sockets on which a group listens, ever more rarely, since a look goes through all processes. */
export function lookForSockets(
  group: number,
  timers: Timers,
  look: {goesOn(): boolean; onFound(server: ServerListeningParams): void},
  pause = firstLook,
): void {
  timers.after(pause, () => {
    if (!look.goesOn()) return
    for (const {host, port} of listeningSockets(group))
      look.onFound(listeningAt(new URL(`http://${bracketed(reachable(host))}:${port}/`), host))
    lookForSockets(group, timers, look, Math.min(pause * 1.5, longestLook))
  })
}
