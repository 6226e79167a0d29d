import type {BuildFailure, BuildResult} from '../../build/types.ts'
import {severityName} from '../../model/diagnostic.ts'
import {columns} from './columns.ts'
import {paint} from './pretty.ts'

type ToolchainResult = BuildResult['toolchains'][number]

/** The end of a build: why a compiler failed, a line for each toolchain, then the count. */
export function renderSummary(result: BuildResult, color: boolean): string {
  const {toolchains, summary} = result
  const failures = toolchains.flatMap(({failure}) => (failure ? [renderFailure(failure, color)] : []))
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
  return `${[...failures, ...lines, paint('bold', counts, color)].join('\n')}\n`
}

function renderFailure({code, message, output}: BuildFailure, color: boolean): string {
  const tail = output.map(line => `  │ ${line}`)
  return [`${paint('red', 'error', color)} ${code}: ${message}`, ...tail, ''].join('\n')
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
