import {createHash} from 'node:crypto'
import {isAbsolute, sep} from 'node:path'
import {pathToFileURL} from 'node:url'
import type {Log, Result, Run} from 'sarif'
import type {ToolchainResult} from '../../build/types.ts'
import {type Diagnostic, messageText, severityName} from '../../model/diagnostic.ts'
import {fileOf} from './location.ts'

export type SarifTool = Pick<ToolchainResult, 'name' | 'version' | 'status' | 'failure'>

/** A SARIF 2.1.0 log: a run for each toolchain, paths relative to the project root. */
export function renderSarif(
  tools: readonly SarifTool[],
  diagnostics: readonly Diagnostic[],
  root: string,
): Log {
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: tools.map(tool =>
      sarifRun(
        tool,
        diagnostics.filter(({toolchain}) => toolchain === tool.name),
        root,
      ),
    ),
  }
}

function sarifRun(
  {name, version, status, failure}: SarifTool,
  diagnostics: readonly Diagnostic[],
  root: string,
): Run {
  const codes = [...new Set(diagnostics.flatMap(({code}) => (code === undefined ? [] : [String(code)])))]
  return {
    tool: {driver: {name, version, rules: codes.map(id => ({id}))}},
    originalUriBaseIds: {ROOT: {uri: `${pathToFileURL(root).href}/`}},
    columnKind: 'utf16CodeUnits',
    // Without this a compiler that crashed would look like one that found nothing.
    invocations: [
      {
        executionSuccessful: status === 'ok' || status === 'errors',
        ...(failure && {
          toolExecutionNotifications: [
            {
              level: 'error',
              descriptor: {id: failure.code},
              message: {text: [failure.message, ...failure.output].join('\n')},
            },
          ],
        }),
      },
    ],
    results: diagnostics.map(diagnostic => sarifResult(diagnostic, root)),
  }
}

function sarifResult(diagnostic: Diagnostic, root: string): Result {
  const {code, range} = diagnostic
  const text = messageText(diagnostic)
  const file = fileOf(diagnostic, root)
  const region = {
    startLine: range.start.line + 1,
    startColumn: range.start.character + 1,
    endLine: range.end.line + 1,
    endColumn: range.end.character + 1,
  }
  const artifactLocation =
    file !== undefined && !isAbsolute(file)
      ? {uri: relativeUri(file), uriBaseId: 'ROOT'}
      : {uri: diagnostic.uri}
  return {
    ...(code === undefined ? {} : {ruleId: String(code)}),
    level: level(diagnostic.severity),
    message: {text},
    locations: file === undefined ? [] : [{physicalLocation: {artifactLocation, region}}],
    // Lines move with every edit, so a finding is recognised by file, rule and text.
    partialFingerprints: {finding: digest([file ?? '', String(code ?? ''), text])},
  }
}

function relativeUri(file: string): string {
  return file.split(sep).map(encodeURIComponent).join('/')
}

function level(severity: number | undefined): 'error' | 'warning' | 'note' {
  const name = severityName(severity)
  return name === 'error' || name === 'warning' ? name : 'note'
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 32)
}
