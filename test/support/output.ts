import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {collectDiagnostics} from '../../src/diagnostics/collect.ts'
import {createInterpreter} from '../../src/diagnostics/interpreter.ts'
import type {DiagnosticsReaderDefinition} from '../../src/model/definition.ts'
import type {Diagnostic, Range} from '../../src/model/diagnostic.ts'
import type {WorkerMessage} from '../../src/model/protocol.ts'
import {packageRoot} from './sandbox.ts'

/** The folder of recorded output, and of the projects that it is about. */
export const outputFolder = join(packageRoot, 'fixtures/output')

/** A recorded output; `{root}` in it becomes the project's folder. */
export function recorded(name: string, root = '{root}'): string {
  return readFileSync(join(outputFolder, name), 'utf8').replaceAll('{root}', root)
}

/** What an interpreter says of a whole output. */
export function interpretAll(
  text: string,
  reader: DiagnosticsReaderDefinition,
  root: string,
): WorkerMessage[] {
  const interpreter = createInterpreter(reader, {root, toolchain: 'compiler'})
  const said = text.split('\n').flatMap(line => interpreter.line('stdout', line))
  return [...said, ...interpreter.end({code: 1, signal: null})]
}

/** What stands when all messages are heard. */
export function diagnosticsOf(messages: readonly WorkerMessage[]): Diagnostic[] {
  const collector = collectDiagnostics()
  for (const {method, params} of messages) {
    if (method === 'diagnostics/publish')
      collector.add({type: method, workerId: 'w', label: 'compiler', ...params})
  }
  return collector.list()
}

/** The text of a file that a range covers, lines and columns as LSP counts them. */
export function markedText(uri: string, {start, end}: Range): string {
  const lines = readFileSync(fileURLToPath(uri), 'utf8')
    .replace('\uFEFF', '')
    .split(/\r\n|[\r\n]/)
  if (start.line === end.line) return (lines[start.line] ?? '').slice(start.character, end.character)
  const between = lines.slice(start.line + 1, end.line)
  return [
    (lines[start.line] ?? '').slice(start.character),
    ...between,
    (lines[end.line] ?? '').slice(0, end.character),
  ].join('\n')
}

/** `a.ts:7:2-7:8 TS2322 return`: a diagnostic in one line, with the text it marks. */
export function brief({uri, range, code}: Pick<Diagnostic, 'uri' | 'range' | 'code'>, root: string): string {
  const {start, end} = range
  const place = `${start.line}:${start.character}-${end.line}:${end.character}`
  return `${fileURLToPath(uri).slice(root.length + 1)}:${place} ${code ?? '-'} ${markedText(uri, range)}`
}
