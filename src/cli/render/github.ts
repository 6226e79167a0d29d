import type {BuildResult} from '../../build/types.ts'
import {type Diagnostic, messageText, severityName} from '../../model/diagnostic.ts'
import {fileOf} from './location.ts'

/** GitHub shows this many annotations of each kind a step. */
const shownPerKind = 10

/**
 * Workflow commands that GitHub Actions turns into annotations, also for compilers that failed; what is over its limit
 * is counted in a last line.
 */
export function renderGithub(
  {toolchains, diagnostics}: Pick<BuildResult, 'toolchains' | 'diagnostics'>,
  cwd: string,
): string {
  const failures = toolchains.flatMap(({name, failure}) =>
    failure
      ? [`::error title=${escapeProperty(`${name} ${failure.code}`)}::${escapeData(failure.message)}`]
      : [],
  )
  const kinds = Map.groupBy(diagnostics, ({severity}) => commandOf(severity))
  const lines = [...kinds].flatMap(([command, group]) => {
    const shown = group.slice(0, shownPerKind).map(diagnostic => annotation(command, diagnostic, cwd))
    const hidden = group.length - shown.length
    return hidden > 0 ? [...shown, `and ${hidden} more of kind ${command}, in the log above`] : shown
  })
  return [...failures, ...lines].join('\n')
}

function commandOf(severity: number | undefined): 'error' | 'warning' | 'notice' {
  const name = severityName(severity)
  return name === 'error' || name === 'warning' ? name : 'notice'
}

function annotation(command: string, diagnostic: Diagnostic, cwd: string): string {
  const file = fileOf(diagnostic, cwd)
  const {start, end} = diagnostic.range
  const title = [diagnostic.toolchain, diagnostic.code].filter(part => part !== undefined).join(' ')
  const properties = {
    ...(file === undefined
      ? {}
      : {
          file,
          line: start.line + 1,
          col: start.character + 1,
          endLine: end.line + 1,
          endColumn: Math.max(end.character, 1),
        }),
    title,
  }
  const list = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(String(value))}`)
  return `::${command} ${list.join(',')}::${escapeData(messageText(diagnostic))}`
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
