import {stripVTControlCharacters} from 'node:util'
import type {BuildResult} from '../../build/types.ts'
import type {Diagnostic} from '../../model/diagnostic.ts'
import type {Event} from '../../model/event.ts'
import type {LogLine} from '../../supervisor/types.ts'
import {renderGithub} from './github.ts'
import {sourceReader} from './location.ts'
import {renderDiagnostic} from './pretty.ts'
import {renderSarif} from './sarif.ts'
import {renderSummary} from './summary.ts'

export const buildFormats = ['pretty', 'json', 'ndjson', 'sarif', 'github', 'raw'] as const
export type BuildFormat = (typeof buildFormats)[number]

/** What is told to the outside while a build runs, and at its end. */
export interface BuildOutput {
  event?(event: Event): void
  line?(line: LogLine): void
  finish?(result: BuildResult): void
}

export interface OutputOptions {
  /** Paths are shown relative to this folder. */
  cwd: string
  root: string
  color: boolean
  write(text: string): void
  writeError(text: string): void
}

/** The output of `tool build` in one of its formats; `none` where the caller prints the result. */
export function buildOutput(format: BuildFormat | 'none', options: OutputOptions): BuildOutput {
  const {cwd, root, color, write, writeError} = options
  const print = (value: unknown, indent?: number) => write(`${JSON.stringify(value, undefined, indent)}\n`)
  switch (format) {
    case 'none':
      return {}
    case 'pretty': {
      const read = sourceReader()
      return {
        event: event => {
          for (const diagnostic of publishedBy(event))
            write(`${renderDiagnostic(diagnostic, {cwd, color, read})}\n`)
        },
        finish: result => write(renderSummary(result, color)),
      }
    }
    case 'json':
      return {finish: result => print(result, 2)}
    case 'ndjson':
      return {event: event => print(event), finish: result => print({type: 'build/finish', ...result})}
    case 'sarif':
      return {finish: ({toolchains, diagnostics}) => print(renderSarif(toolchains, diagnostics, root), 2)}
    case 'github':
      return {
        finish: result => {
          const annotations = renderGithub(result, root)
          write(`${annotations}${annotations === '' ? '' : '\n'}${renderSummary(result, false)}`)
        },
      }
    case 'raw':
      return {
        line: ({stream, text}) => {
          // Some compilers colour their output whatever they are told.
          const plain = color ? text : stripVTControlCharacters(text)
          const print = stream === 'stderr' ? writeError : write
          print(`${plain}\n`)
        },
      }
  }
}

/** The diagnostics that an event brings; none if it is about something else. */
export function publishedBy(event: Event): Diagnostic[] {
  if (event.type !== 'diagnostics/publish') return []
  const {uri, label} = event
  return event.diagnostics.map(diagnostic => ({...diagnostic, uri, toolchain: label}) as Diagnostic)
}
