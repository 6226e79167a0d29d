import {describeOrigin} from '../../base/origin.ts'
import type {BuildFailure, BuildResult} from '../../build/types.ts'
import {severityName} from '../../model/diagnostic.ts'
import {columns} from './columns.ts'
import {paint} from './pretty.ts'

type ToolchainResult = BuildResult['toolchains'][number]

/** The end of a build: a line for each toolchain, then the count. */
export function renderSummary(result: BuildResult, color: boolean): string {
  const {toolchains, summary} = result
  const table = columns(
    toolchains.map(toolchain => [
      `${toolchain.name} ${toolchain.version}`,
      verdict(toolchain, result),
      seconds(toolchain.durationMs),
    ]),
  )
  const lines = table
    .trimEnd()
    .split('\n')
    .map((line, index) => `${mark(toolchains[index], color)} ${line}`)
  const counts = `${plural(summary.errors, 'error')}, ${plural(summary.warnings, 'warning')}`
  return `${[...lines, paint('bold', counts, color)].join('\n')}\n`
}

/** Why compilers failed, each with what set its version, its last lines, and how to see the rest. */
export function renderFailures(
  {toolchains}: BuildResult,
  {cwd, color}: {cwd: string; color: boolean},
): string {
  return toolchains
    .map(({origin, failure}) => (failure ? renderFailure(failure, describeOrigin(origin, cwd), color) : ''))
    .join('')
}

function renderFailure({code, message, output}: BuildFailure, origin: string, color: boolean): string {
  const tail = output.map(line => `  │ ${line}`)
  const hint = '  try: tool build --format raw, to see all that it prints'
  return `${[`${paint('red', 'error', color)} ${code}: ${message} (set by ${origin})`, ...tail, hint].join('\n')}\n`
}

function verdict({name, status}: ToolchainResult, {diagnostics}: BuildResult): string {
  if (status !== 'errors') return status
  const own = diagnostics.filter(
    ({toolchain, severity}) => toolchain === name && severityName(severity) === 'error',
  )
  return plural(own.length, 'error')
}

function mark(toolchain: ToolchainResult | undefined, color: boolean): string {
  return toolchain?.status === 'ok' ? paint('green', '✔', color) : paint('red', '✖', color)
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
