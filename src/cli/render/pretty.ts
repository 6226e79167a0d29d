import {styleText} from 'node:util'
import {type Diagnostic, messageText, severityName} from '../../model/diagnostic.ts'
import {codeFrame} from './code-frame.ts'
import {fileOf, sourceReader} from './location.ts'

export interface PrettyOptions {
  /** Paths are shown relative to this folder. */
  cwd: string
  color: boolean
  /** The lines of a file by its URI; shared by the diagnostics of one run, so that each file is read once. */
  read?: (uri: string) => readonly string[] | undefined
}

type Style = Parameters<typeof styleText>[0]

/** Colours a text, or leaves it alone. */
export function paint(style: Style, text: string, color: boolean): string {
  return color ? styleText(style, text, {validateStream: false}) : text
}

/** A diagnostic for people: place, severity, code, who says so, the message, and the lines it is about. */
export function renderDiagnostic(
  diagnostic: Diagnostic,
  {cwd, color, read = sourceReader()}: PrettyOptions,
): string {
  const severity = severityName(diagnostic.severity)
  const style: Style =
    severity === 'error' ? ['red', 'bold'] : severity === 'warning' ? ['yellow', 'bold'] : ['blue', 'bold']
  const file = fileOf(diagnostic, cwd)
  const {line, character} = diagnostic.range.start
  const place = file === undefined ? '' : `${paint('cyan', file, color)}:${line + 1}:${character + 1} `
  const code = diagnostic.code === undefined ? '' : ` ${diagnostic.code}`
  const head = `${place}${paint(style, severity + code, color)} ${paint('dim', diagnostic.toolchain, color)}`
  const parts = [head, indent(messageText(diagnostic))]
  const lines = file === undefined ? undefined : read(diagnostic.uri)
  const frame = lines && codeFrame(lines, diagnostic.range, color)
  if (frame) parts.push('', indent(frame))
  for (const {location, message} of diagnostic.relatedInformation ?? []) {
    const related = fileOf(location, cwd) ?? location.uri
    const {start} = location.range
    parts.push(indent(`${paint('cyan', related, color)}:${start.line + 1}:${start.character + 1} ${message}`))
  }
  return `${parts.join('\n')}\n`
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ')
}
