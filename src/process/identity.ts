import type {execFileSync} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {errnoOf} from '../base/errors.ts'
import {readLiving} from './proc-stat.ts'

/** One process for all time: pids are reused, so the start time and the boot of the machine go with them. */
export interface ProcessIdentity {
  pid: number
  /** When it started, in the system's own words; empty where the system doesn't tell. */
  startTime: string
  /** The boot that it belongs to; empty where the system doesn't tell. */
  bootId: string
}

/**
 * Who runs under a pid now; undefined if nobody does. A zombie counts as nobody.
 * @throws the system's error where no file can be opened to look
 */
export function processIdentity(pid: number): ProcessIdentity | undefined {
  if (!exists(pid)) return undefined
  const startTime = startTimeOf(pid)
  return startTime === undefined ? undefined : {pid, startTime, bootId: bootId()}
}

/** Of this process itself. */
export function ownIdentity(): ProcessIdentity {
  const identity = processIdentity(process.pid)
  if (identity === undefined) throw new Error('this process does not find itself')
  return identity
}

/** Whether that very process still runs, rather than another under its pid. */
export function isAlive(identity: ProcessIdentity): boolean {
  const now = processIdentity(identity.pid)
  return now !== undefined && now.startTime === identity.startTime && now.bootId === identity.bootId
}

function exists(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return errnoOf(error) === 'EPERM'
  }
}

/** Undefined: no such process. Windows has no cheap way to ask, so there the pid must do. */
function startTimeOf(pid: number): string | undefined {
  switch (process.platform) {
    case 'linux':
      return readLiving(pid)?.startTime
    case 'win32':
      return ''
    default:
      return psStartTime(pid)
  }
}

function psStartTime(pid: number): string | undefined {
  try {
    const line = run('ps', ['-o', 'state=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      env: {PATH: '/usr/bin:/bin', LC_ALL: 'C'},
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
    return line === '' || line.startsWith('Z') ? undefined : line.replace(/^\S+\s+/, '')
  } catch {
    return undefined
  }
}

function bootId(): string {
  try {
    if (process.platform === 'linux') return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()
    if (process.platform === 'darwin') {
      return run('/usr/sbin/sysctl', ['-n', 'kern.bootsessionuuid'], {encoding: 'utf8'}).trim()
    }
  } catch {
    // A sandbox may hide it; pid and start time must do.
  }
  return ''
}

/** Slow to load, and not needed on Linux. */
function run(...command: Parameters<typeof execFileSync>): string {
  return String(process.getBuiltinModule('node:child_process').execFileSync(...command))
}
