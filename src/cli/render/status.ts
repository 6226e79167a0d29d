import type {Context} from '../../base/context.ts'
import type {Status} from '../../house/status.ts'
import type {WhatRuns} from '../../session/servers.ts'
import {columns} from './columns.ts'
import {renderCurrent} from './current.ts'
import {renderOther} from './server.ts'
import {shortPath} from './short-path.ts'

/** `tool` alone: the project, its pins, its servers, and what to type next. */
export function renderStatus(
  {project, pins}: Status,
  running: WhatRuns,
  release: string,
  context: Pick<Context, 'cwd' | 'userHome'>,
): string {
  const parts = [
    `tool ${release} · ${project === null ? 'no project here' : `project ${shortPath(project, context)}`}`,
    ...(pins.length > 0 ? [renderCurrent(pins, context).trimEnd()] : []),
    ...(isEmpty(running) ? [] : [renderRunning(running)]),
    nextStep(pins, running, project),
  ]
  return `${parts.join('\n\n')}\n`
}

function isEmpty({servers, others}: WhatRuns): boolean {
  return servers.length + others.length === 0
}

function renderRunning({servers, others}: WhatRuns): string {
  const rows = [
    ...servers.map(({toolchain, version, url}) => [`  ${toolchain} ${version}`, url]),
    ...others.map(one => [`  ${renderOther(one)}`, one.state]),
  ]
  return `running\n${columns(rows).trimEnd()}`
}

function nextStep(pins: Status['pins'], running: WhatRuns, project: string | null): string {
  const next =
    pins.length === 0
      ? 'pin a version: tool local typescript@latest'
      : pins.some(({via}) => via === 'missing')
        ? 'install what is missing: tool install'
        : project !== null && isEmpty(running)
          ? 'tool build compiles, tool watch does so after each change, tool serve starts the dev servers'
          : undefined
  return [...(next === undefined ? [] : [next]), 'all commands: tool help'].join('\n')
}
