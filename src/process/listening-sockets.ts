import {readdirSync, readFileSync, readlinkSync} from 'node:fs'
import {readLiving} from './proc-stat.ts'

export interface ListeningSocket {
  /** The address that it is bound to; `0.0.0.0` and `::` stand for all. */
  host: string
  port: number
}

/**
 * The TCP sockets on which the processes of a group listen, each once, by port; none where the system doesn't tell, as
 * Windows. Never throws.
 * @param group pid of its leader
 */
export function listeningSockets(group: number): ListeningSocket[] {
  try {
    const found = process.platform === 'linux' ? fromProc(group) : fromLsof(group)
    const once = new Map(found.map(({host, port}) => [`${host} ${port}`, {host, port}]))
    return [...once.values()].sort((a, b) => a.port - b.port)
  } catch {
    // Too many files are open, say: the next look may do.
    return []
  }
}

/**
 * Whether somebody listens on each of these ports still, in the network of a process, which costs far less to ask; true where
 * only `listeningSockets` would tell.
 */
export function stillListens(pid: number, ports: readonly number[]): boolean {
  if (process.platform !== 'linux') return true
  const open = ['tcp', 'tcp6'].flatMap(table => readTable(`/proc/${pid}/net/${table}`).map(({port}) => port))
  return ports.every(port => open.includes(port))
}

/** The state LISTEN of a line in /proc/net/tcp. */
const listen = '0A'

function fromProc(group: number): ListeningSocket[] {
  const members = readdirSync('/proc').filter(
    name => /^\d+$/.test(name) && readLiving(Number(name))?.group === group,
  )
  const own = new Set(members.flatMap(socketsOf))
  // A process may be in a network of its own, which its own folder of /proc tells of.
  return members.flatMap(pid =>
    ['tcp', 'tcp6'].flatMap(table =>
      readTable(`/proc/${pid}/net/${table}`).filter(({inode}) => own.has(inode)),
    ),
  )
}

/** The inodes of the sockets that a process holds. */
function socketsOf(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap(fd => inodeOf(`/proc/${pid}/fd/${fd}`) ?? [])
  } catch {
    // It ended meanwhile, or is another user's.
    return []
  }
}

function inodeOf(path: string): string | undefined {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(path))?.[1]
  } catch {
    return undefined
  }
}

function readTable(path: string): (ListeningSocket & {inode: string})[] {
  const [, ...lines] = readIfAny(path).trimEnd().split('\n')
  return lines.flatMap(line => {
    const [, address = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/)
    const [host = '', port = ''] = address.split(':')
    return state === listen ? [{host: readAddress(host), port: Number.parseInt(port, 16), inode}] : []
  })
}

/** An address as the kernel prints it: words of 32 bits in the machine's order of bytes, which is little-endian. */
function readAddress(hex: string): string {
  const bytes = Buffer.from(hex, 'hex')
  bytes.swap32()
  if (bytes.length === 4) return bytes.join('.')
  const mapped = bytes.subarray(0, 12).equals(Buffer.from('00000000000000000000ffff', 'hex'))
  if (mapped) return bytes.subarray(12).join('.')
  const words = Array.from({length: 8}, (_, index) => bytes.readUInt16BE(index * 2).toString(16))
  return new URL(`http://[${words.join(':')}]`).hostname.slice(1, -1)
}

function readIfAny(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

function fromLsof(group: number): ListeningSocket[] {
  if (process.platform === 'win32') return []
  const {spawnSync} = process.getBuiltinModule('node:child_process')
  const {stdout} = spawnSync('lsof', ['-nP', '-a', '-iTCP', '-sTCP:LISTEN', '-g', String(group), '-Fn'], {
    encoding: 'utf8',
    env: {PATH: '/usr/sbin:/usr/bin:/bin'},
    timeout: 5000,
  })
  return [...(stdout ?? '').matchAll(/^n(?:\[(.+)\]|(.+)):(\d+)$/gm)].map(([, six, four = '', port]) => ({
    host: six ?? (four === '*' ? '::' : four),
    port: Number(port),
  }))
}
