import {bracketed, listeningAt, reachable} from '../model/listening.ts'
import type {ServerListeningParams} from '../model/protocol.ts'
import {listeningSockets, stillListens} from '../process/listening-sockets.ts'
import type {Timers} from './timers.ts'

/** Ms until the first look; for who is expected to say itself where it listens, and may have changed its words. */
const firstLook = {true: 50, late: 10_000} as const
/** Ms between two looks, at most, and between two looks whether what was found is still there. */
const longestPause = 1000
const followingPause = 2000

export interface SocketWatchListener {
  onFound(server: ServerListeningParams): void
  onGone(url: string): void
  /** Whether it is ready, by this or otherwise. */
  isReady(): boolean
  /** Whether it is asked to end, or has. */
  isOver(): boolean
}

/**
 * Finds the servers of a process group by the TCP sockets on which it listens, looking ever more rarely, since a look goes
 * through all processes; follows what it has found when that moves.
 */
export function watchSockets(
  group: number,
  when: true | 'late',
  timers: Timers,
  listener: SocketWatchListener,
): void {
  const known = new Map<string, ServerListeningParams>()
  const look = () => {
    const now = new Map(
      listeningSockets(group)
        .map(one => serverAt(one))
        .map(server => [server.url, server]),
    )
    for (const url of known.keys()) {
      if (now.has(url)) continue
      known.delete(url)
      listener.onGone(url)
    }
    for (const [url, server] of now) {
      if (known.has(url)) continue
      known.set(url, server)
      listener.onFound(server)
    }
  }
  const again = (pause: number) => {
    timers.after(pause, () => {
      if (listener.isOver()) return
      if (!listener.isReady()) {
        look()
        return again(Math.min(pause * 1.5, longestPause))
      }
      // Who said it by itself says it when it moves, too.
      if (known.size === 0) return
      if (
        !stillListens(
          group,
          [...known.values()].map(({port}) => port),
        )
      )
        look()
      again(followingPause)
    })
  }
  again(firstLook[`${when}`])
}

function serverAt({host, port}: {host: string; port: number}): ServerListeningParams {
  return listeningAt(new URL(`http://${bracketed(reachable(host))}:${port}/`), host)
}
