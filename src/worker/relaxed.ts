import {relative} from 'node:path'
import {parseArgs} from 'node:util'
import {messageText, severityName} from '../model/diagnostic.ts'
import type {PublishDiagnosticsParams, WorkerMessage} from '../model/protocol.ts'
import {localPath} from '../model/uri.ts'
import {Status} from '../model/wire.ts'
import type {Compiler} from './compiler.ts'
import {runTask, type Scope, serverReport} from './report.ts'
import type {Surroundings} from './surroundings.ts'
import {Tally} from './tally.ts'

/** Runs once, for a person at a terminal, with no supervisor. Ends the process unless a server goes on. */
export async function runRelaxed(compiler: Compiler, around: Surroundings): Promise<void> {
  const [first, ...rest] = around.arguments
  const {signal} = new AbortController()
  const scope: Scope = {
    say: async message => print(message, around),
    source: compiler.name,
    signal,
    tally: new Tally(),
  }
  const root = around.cwd
  if (first === 'serve' && compiler.serve) {
    await compiler.serve({...serverArguments(rest), root, signal}, serverReport(scope))
    return
  }
  const request = {
    arguments: first === 'build' ? rest : around.arguments,
    root,
    mode: 'build',
    changes: [],
    signal,
  } as const
  const {status} = await runTask({...scope, taskId: 'build'}, 'build', report =>
    compiler.compile(request, report),
  )
  around.exit(status === Status.ok ? 0 : 1)
}

function serverArguments(given: readonly string[]): {host: string; port: number; arguments: string[]} {
  const options = {host: {type: 'string'}, port: {type: 'string'}} as const
  const {tokens} = parseArgs({args: [...given], options, strict: false, allowPositionals: true, tokens: true})
  const taken = new Set<number>()
  const found = {host: '127.0.0.1', port: 0}
  for (const token of tokens) {
    if (token.kind !== 'option' || !(token.name in found) || token.value === undefined) continue
    taken.add(token.index)
    if (!token.inlineValue) taken.add(token.index + 1)
    if (token.name === 'host') found.host = token.value
    else found.port = Number(token.value)
  }
  return {...found, arguments: given.filter((_, index) => !taken.has(index))}
}

function print(message: WorkerMessage, {cwd, stdout, stderr}: Surroundings): void {
  if (message.method === 'diagnostics/publish') stderr(diagnosticLines(message.params, cwd))
  if (message.method === 'server/listening') stdout(`${message.params.url}\n`)
  if (message.method === 'log/message' && message.params.level !== 'debug') {
    stderr(`${message.params.level}: ${message.params.message}\n`)
  }
}

function diagnosticLines({uri, diagnostics}: PublishDiagnosticsParams, cwd: string): string {
  const path = localPath(uri)
  const file = path === undefined ? uri : relative(cwd, path) || '.'
  return diagnostics
    .map(diagnostic => {
      const {line, character} = diagnostic.range.start
      const code = diagnostic.code === undefined ? '' : ` ${diagnostic.code}`
      const what = `${severityName(diagnostic.severity)}${code}: ${messageText(diagnostic)}`
      return `${file}:${line + 1}:${character + 1}: ${what}\n`
    })
    .join('')
}
