import type {Context} from '../../base/context.ts'
import type {RunningProject, RunningWorker} from '../../session/running.ts'
import {renderBytes} from './bytes.ts'
import {columns} from './columns.ts'
import {shortPath} from './short-path.ts'

const head = [
  'PROJECT',
  'TOOLCHAIN',
  'MODE',
  'STATE',
  'PID',
  'UPTIME',
  'RESTARTS',
  'MEMORY',
  'CPU TIME',
  'URL',
]

/** What can be done without where there is no room, the least missed first. */
const spare = ['CPU TIME', 'MEMORY', 'RESTARTS', 'UPTIME', 'PID']

/**
 * A table with a line for each worker; nothing where nothing runs.
 * @param width of the terminal, in columns, into which it is to fit, if it can
 */
export function renderRunning(
  projects: readonly RunningProject[],
  context: Pick<Context, 'userHome'>,
  width = Number.POSITIVE_INFINITY,
): string {
  if (projects.length === 0) return ''
  const rows = projects.flatMap(project => {
    const name = `${shortPath(project.root, context)}${project.detached ? '*' : ''}`
    if (project.workers === undefined)
      return [[name, `supervisor ${project.version}`, '-', 'not answering', String(project.pid)]]
    return project.workers.map(worker => [name, ...cellsOf(worker)])
  })
  return fitted([head, ...rows], width)
}

function fitted(rows: string[][], width: number): string {
  let [table, left] = [columns(rows), [...head]]
  for (const name of spare) {
    if (table.split('\n').every(line => line.length <= width)) break
    left = left.filter(one => one !== name)
    table = columns(rows.map(row => row.filter((_, index) => left.includes(head[index] ?? ''))))
  }
  return table
}

function cellsOf({
  toolchain,
  version,
  mode,
  state,
  pid,
  uptime,
  restarts,
  memory,
  cpuTime,
  urls,
}: RunningWorker) {
  return [
    `${toolchain} ${version}`.trimEnd(),
    mode ?? '-',
    state,
    pid === null ? '-' : String(pid),
    uptime === null ? '-' : renderTime(uptime),
    String(restarts),
    memory === null ? '-' : renderBytes(memory),
    cpuTime === null ? '-' : renderTime(cpuTime, 1),
    urls.length > 0 ? urls.join(' ') : '-',
  ]
}

/** A span of time in its two largest units, as `3d 4h`, `2m 5s`; below a minute in seconds: `4s`. */
function renderTime(ms: number, digits = 0): string {
  const seconds = Math.floor(ms / 1000)
  const [minutes, hours, days] = [60, 3600, 86_400].map(length => Math.floor(seconds / length)) as [
    number,
    number,
    number,
  ]
  if (days > 0) return `${days}d ${hours % 24}h`
  if (hours > 0) return `${hours}h ${minutes % 60}m`
  if (minutes > 0) return `${minutes}m ${seconds % 60}s`
  return `${digits > 0 ? (ms / 1000).toFixed(digits) : seconds}s`
}
