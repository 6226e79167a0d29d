import {dirname} from 'node:path'

/** A process as Windows lists it. */
export interface ListedProcess {
  pid: number
  /** Of who started it, which may be gone, and whose number may be another's by now. */
  parent: number
  /** Milliseconds since the epoch; undefined where that is not told. */
  started: number | undefined
}

/** What is known of a process whose descendants are looked for. */
export interface Ancestor {
  pid: number
  /** Milliseconds since the epoch, between which everything was started whose parent it is. */
  from: number
  until: number
}

/** Windows' clock may be read a tick apart. */
const tick = 50
/** Ms; the slowest of the programs asked starts in about one second. */
const patience = 15_000

/**
 * All processes of Windows, asked of the programs that tell who started whom, in the order of their speed: `wmic`, which
 * new releases lack, and PowerShell. Wine's `wmic` knows no time of start.
 * @returns undefined where none of them tells
 */
export async function listProcesses(): Promise<ListedProcess[] | undefined> {
  for (const [file, ...args] of tellers) {
    const found = parseProcessTable(await outputOf(file, args))
    if (found.length > 0) return found
  }
  return undefined
}

const properties = 'ParentProcessId,ProcessId'

const tellers: readonly [file: string, ...args: string[]][] = [
  ['wmic.exe', 'process', 'get', `CreationDate,${properties}`],
  [
    'powershell.exe',
    '-NoProfile',
    '-NonInteractive',
    '-Command',
    `Get-WmiObject Win32_Process -Property CreationDate,${properties} | ` +
      "ForEach-Object { '{0} {1} {2}' -f $_.CreationDate, $_.ParentProcessId, $_.ProcessId }",
  ],
  ['wmic.exe', 'process', 'get', properties],
]

/** Reads lines of a time of start, if there is one, a parent and a pid; anything else on them is passed over. */
export function parseProcessTable(output: Buffer): ListedProcess[] {
  const isWide = output[0] === 0xff && output[1] === 0xfe
  const lines = output.toString(isWide ? 'utf16le' : 'latin1').split(/[\r\n]+/)
  return lines.flatMap(line => {
    const [, time, parent, pid] = /^\W*(?:(\d{14}\.\d{6}[+-]\d{3})\s+)?(\d+)\s+(\d+)\s*$/.exec(line) ?? []
    return pid === undefined ? [] : [{pid: Number(pid), parent: Number(parent), started: readTime(time)}]
  })
}

/** `20261125044513.123456+060`: the minutes are those by which the clock is ahead of UTC. */
function readTime(time: string | undefined): number | undefined {
  if (time === undefined) return undefined
  const [, year, month, day, hour, minute, second, fraction, ahead] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\.(\d{3})\d{3}([+-]\d{3})$/.exec(time)?.map(Number) ?? []
  const utc = Date.UTC(Number(year), Number(month) - 1, day, hour, minute, second, fraction)
  return utc - Number(ahead) * 60_000
}

/**
 * The processes that those ones started, those that these started, and so on. A number alone proves nothing, since it is
 * given again soon: a child is none if it is older than its parent, or younger than its parent's end.
 */
export function descendantsOf(table: readonly ListedProcess[], ancestors: readonly Ancestor[]): Ancestor[] {
  const found = new Map<number, Ancestor>()
  const seen = new Set(ancestors.map(({pid}) => pid))
  for (let parents = [...ancestors]; parents.length > 0; ) {
    const children = parents.flatMap(parent => table.filter(process => isChild(process, parent)))
    parents = children.flatMap(({pid, started}) => {
      if (seen.has(pid)) return []
      seen.add(pid)
      const child = {pid, from: started ?? 0, until: Number.POSITIVE_INFINITY}
      found.set(pid, child)
      return [child]
    })
  }
  return [...found.values()]
}

function isChild({pid, parent, started}: ListedProcess, {pid: of, from, until}: Ancestor): boolean {
  if (parent !== of || pid === of || pid <= 0) return false
  return started === undefined || (started >= from - tick && started <= until + tick)
}

function outputOf(file: string, args: readonly string[]): Promise<Buffer> {
  const {execFile} = process.getBuiltinModule('node:child_process')
  const {promise, resolve} = Promise.withResolvers<Buffer>()
  const options = {...asSystemProgram, encoding: 'buffer', timeout: patience, maxBuffer: 64 << 20} as const
  execFile(file, args, options, (_error, stdout) => resolve(stdout)).stdin?.end()
  return promise
}

/** Windows looks for a program in the working directory first, where a project could have put another of its name. */
export const asSystemProgram = {cwd: dirname(process.execPath), windowsHide: true} as const
