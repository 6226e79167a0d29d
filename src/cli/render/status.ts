import type {Context} from '../../base/context.ts'
import type {Status} from '../../house/status.ts'
import type {RunningServer} from '../../session/types.ts'
import {columns} from './columns.ts'
import {renderCurrent} from './current.ts'
import {shortPath} from './short-path.ts'

/** `tool` alone: the project, its pins, its servers, and what to type next. */
export function renderStatus(
  {project, pins}: Status,
  servers: readonly RunningServer[],
  release: string,
  context: Pick<Context, 'cwd' | 'userHome'>,
): string {
  const parts = [
    `tool ${release} · ${project === null ? 'no project here' : `project ${shortPath(project, context)}`}`,
    ...(pins.length > 0 ? [renderCurrent(pins, context).trimEnd()] : []),
    ...(servers.length > 0 ? [renderServers(servers)] : []),
    nextStep(pins, servers, project),
  ]
  return `${parts.join('\n\n')}\n`
}

function renderServers(servers: readonly RunningServer[]): string {
  const rows = servers.map(({toolchain, version, url}) => [`${toolchain} ${version}`, url])
  return `running\n${columns(rows.map(([name = '', url = '']) => [`  ${name}`, url])).trimEnd()}`
}

function nextStep(pins: Status['pins'], servers: readonly RunningServer[], project: string | null): string {
  const next =
    pins.length === 0
      ? 'pin a version: tool local typescript@latest'
      : pins.some(({via}) => via === 'missing')
        ? 'install what is missing: tool install'
        : project !== null && servers.length === 0
          ? 'tool build compiles, tool serve starts the dev servers'
          : undefined
  return [...(next === undefined ? [] : [next]), 'all commands: tool help'].join('\n')
}
