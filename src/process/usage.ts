import {readdirSync, readFileSync} from 'node:fs'
import {readLiving} from './proc-stat.ts'

/** What a process group uses. */
export interface GroupUsage {
  /** Bytes: each process's share of what it holds, so that shared pages count once. */
  memory: number
  /** Milliseconds of processor time that its living processes have taken. */
  cpuTime: number
}

/**
 * What each of the groups uses; those without a living process are left out, and all of them where the system does
 * not tell.
 * @param groups pids of their leaders
 */
export function groupUsage(groups: readonly number[]): Map<number, GroupUsage> {
  if (groups.length === 0 || process.platform === 'win32') return new Map()
  const wanted = new Set(groups)
  const found = new Map<number, GroupUsage>()
  for (const {group, memory, cpuTime} of process.platform === 'linux' ? fromProc(wanted) : fromPs(wanted)) {
    const before = found.get(group)
    found.set(group, {
      memory: (before?.memory ?? 0) + memory,
      cpuTime: (before?.cpuTime ?? 0) + cpuTime,
    })
  }
  return found
}

type ProcessUsage = GroupUsage & {group: number}

/** The length of a tick, which Linux has told programs for decades whatever it counts in. */
const tick = 10

function fromProc(groups: ReadonlySet<number>): ProcessUsage[] {
  return readdirSync('/proc').flatMap(name => {
    const stat = /^\d+$/.test(name) ? readLiving(Number(name)) : undefined
    if (stat === undefined || !groups.has(stat.group)) return []
    return [{group: stat.group, cpuTime: stat.cpuTicks * tick, memory: memoryOf(name)}]
  })
}

function memoryOf(pid: string): number {
  const share = /^Pss: *(\d+) kB/m.exec(readIfAny(`/proc/${pid}/smaps_rollup`))
  const all = share ?? /^VmRSS:\s*(\d+) kB/m.exec(readIfAny(`/proc/${pid}/status`))
  return Number(all?.[1] ?? 0) * 1024
}

function readIfAny(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    // It ended meanwhile, or the kernel keeps this to itself.
    return ''
  }
}

function fromPs(groups: ReadonlySet<number>): ProcessUsage[] {
  const {spawnSync} = process.getBuiltinModule('node:child_process')
  const {stdout} = spawnSync('ps', ['-axo', 'pgid=,rss=,time='], {
    encoding: 'utf8',
    env: {PATH: '/usr/bin:/bin', LC_ALL: 'C'},
  })
  return (stdout ?? '').split('\n').flatMap(line => {
    const [group = '', memory = '', time = ''] = line.trim().split(/\s+/)
    if (!groups.has(Number(group))) return []
    return [{group: Number(group), memory: Number(memory) * 1024, cpuTime: readTime(time)}]
  })
}

/** `[[hours:]minutes:]seconds.hundredths` */
function readTime(text: string): number {
  const seconds = text.split(/[:-]/).reduce((sum, part) => sum * 60 + Number(part), 0)
  return Math.round(seconds * 1000)
}
