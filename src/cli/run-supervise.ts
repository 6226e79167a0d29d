import {resolve} from 'node:path'
import type {Context} from '../base/context.ts'
import {realPathIfAny} from '../base/real-path.ts'
import {supervise} from '../supervise/supervise.ts'
import {superviseOutput} from './supervise-output.ts'
import {usesColor} from './terminal.ts'
import {terminalWriter} from './terminal-writer.ts'

export interface SuperviseCommand {
  /** As typed. */
  file: string
  json: boolean
  quiet: boolean
  release: string
}

/**
 * `tool supervise`: runs the tasks of a file in the foreground.
 * @throws UserError those of `supervise`; the error of the first task that failed for good
 */
export async function runSupervise(context: Context, command: SuperviseCommand): Promise<void> {
  const {cwd, env, log} = context
  const {file, json, quiet, release} = command
  const named = resolve(cwd, file)
  const path = realPathIfAny(named) ?? named
  const color = {out: usesColor(process.stdout, env), err: usesColor(process.stderr, env)}
  const write = terminalWriter(json)
  const output = superviseOutput({
    color,
    json,
    quiet,
    write: text => write('out', text),
    writeError: text => write('err', text),
  })
  let asked = false
  const input = () => {
    asked = true
    return process.stdin
  }
  try {
    const end = await supervise(context, {path, release, color: color.out, input}, output)
    if (end.kind === 'stopped') return
    const [first, ...others] = end.errors
    for (const {message} of others) log.error(message)
    for (const id of end.skipped)
      log.error(`${id} was not started, since a task before it failed or was stopped`)
    if (first !== undefined) throw first
  } finally {
    // It would keep this process waiting for more.
    if (asked) process.stdin.destroy()
  }
}
