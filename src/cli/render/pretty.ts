import {styleText} from 'node:util'
import {codeFrameColumns} from '@babel/code-frame'
import {type Diagnostic, messageText, severityName} from '../../model/diagnostic.ts'
import {fileOf, sourceOf} from './location.ts'

export interface PrettyOptions {
  cwd: string
  color: boolean
}

type Style = Parameters<typeof styleText>[0]

/** Colours a text, or leaves it alone. */
export function paint(style: Style, text: string, color: boolean): string {
  return color ? styleText(style, text, {validateStream: false}) : text
}

/** A diagnostic for people: place, severity, code, who says so, the message, and the lines it is about. */
export function renderDiagnostic(diagnostic: Diagnostic, {cwd, color}: PrettyOptions): string {
  const severity = severityName(diagnostic.severity)
  const style: Style =
    severity === 'error' ? ['red', 'bold'] : severity === 'warning' ? ['yellow', 'bold'] : ['blue', 'bold']
  const file = fileOf(diagnostic, cwd)
  const {line, character} = diagnostic.range.start
  const place = file === undefined ? '' : `${paint('cyan', file, color)}:${line + 1}:${character + 1} `
  const code = diagnostic.code === undefined ? '' : ` ${diagnostic.code}`
  const head = `${place}${paint(style, severity + code, color)} ${paint('dim', diagnostic.toolchain, color)}`
  const parts = [head, indent(messageText(diagnostic))]
  const frame = file === undefined ? undefined : codeFrame(diagnostic, color)
  if (frame) parts.push('', indent(frame))
  for (const {location, message} of diagnostic.relatedInformation ?? []) {
    const related = fileOf(location, cwd) ?? location.uri
    const {start} = location.range
    parts.push(indent(`${paint('cyan', related, color)}:${start.line + 1}:${start.character + 1} ${message}`))
  }
  return `${parts.join('\n')}\n`
}

function codeFrame(diagnostic: Diagnostic, color: boolean): string | undefined {
  const source = sourceOf(diagnostic)
  if (source === undefined) return undefined
  const {start, end} = diagnostic.range
  // The library counts lines from 1 and columns from 0.
  const at = ({line, character}: typeof start) => ({line: line + 1, column: character})
  const isEmpty = start.line === end.line && start.character === end.character
  const location = isEmpty ? {start: at(start)} : {start: at(start), end: at(end)}
  return codeFrameColumns(source, location, {
    highlightCode: color,
    forceColor: color,
    linesAbove: 1,
    linesBelow: 1,
  })
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ')
}
