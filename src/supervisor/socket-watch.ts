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
  /** Its own words are missing, and this is the first that was found. */
  onGuess(url: string): void
  onFound(server: ServerListeningParams): void
  onGone(url: string): void
  /** Whether it is ready, by this or otherwise. */
  isReady(): boolean
  /** Whether it is asked to end, or has. */
  isOver(): boolean
}

export interface SocketWatch {
  /** A server was announced. Who says it by itself after all knows better than any guess: a debugger listens, too. */
  announced(url: string): void
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
): SocketWatch {
  const known = new Map<string, ServerListeningParams>()
  let [hasFound, isOver] = [false, false]
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
      if (when === 'late' && !hasFound) listener.onGuess(url)
      known.set(url, server)
      hasFound = true
      listener.onFound(server)
    }
  }
  const again = (pause: number) => {
    timers.after(pause, () => {
      if (isOver || listener.isOver()) return
      if (!listener.isReady()) {
        look()
        return again(Math.min(pause * 1.5, longestPause))
      }
      // Who said it by itself says it when it moves, too.
      if (!hasFound) return
      const ports = [...known.values()].map(({port}) => port)
      // One that moves may listen nowhere for a while.
      if (ports.length === 0 || !stillListens(group, ports)) look()
      again(followingPause)
    })
  }
  again(firstLook[`${when}`])
  return {
    announced(url) {
      if (when !== 'late' || known.size === 0 || known.has(url)) return
      isOver = true
      for (const guess of known.keys()) listener.onGone(guess)
    },
  }
}

function serverAt({host, port}: {host: string; port: number}): ServerListeningParams {
  return listeningAt(new URL(`http://${bracketed(reachable(host))}:${port}/`), host)
}
