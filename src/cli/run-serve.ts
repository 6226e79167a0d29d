import type {Context} from '../base/context.ts'
import {planServers} from '../serve/plan.ts'
import {serve} from '../serve/serve.ts'
import {runRequest} from '../session/request.ts'
import {projectTargets} from './project-targets.ts'
import {serveDetached} from './serve-detached.ts'
import {serveOutput} from './serve-output.ts'
import {backgroundCommand, type SessionCommand} from './session-command.ts'
import {sessionPlanner} from './session-planner.ts'
import {tellEnd} from './tell-end.ts'
import {usesColor} from './terminal.ts'
import {terminalWriter} from './terminal-writer.ts'

export interface ServeCommand extends SessionCommand {
  host: string | undefined
  port: number | undefined
}

/**
 * `tool serve`: one line on stdout for each server once it listens, until the servers are stopped.
 * @throws UserError those of `projectTargets`, `serve` and `serveDetached`; the error of the first server that failed
 *   for good
 */
export async function runServe(context: Context, command: ServeCommand): Promise<void> {
  const {args, host, port, json, verbose, release, detach, background, ...options} = command
  const {root, targets, pinFiles} = await projectTargets(context, {...options, mode: 'serve'})
  const {toolchain, install} = options
  const color = command.color ?? usesColor(process.stderr, context.env)
  const write = background?.write ?? terminalWriter(json)
  const output = serveOutput({
    cwd: context.cwd,
    color,
    json,
    verbose,
    write: text => write('out', text),
    writeError: text => write('err', text),
  })
  const detached = background !== undefined
  const wish = {root, targets, toolchain, args, host, port, color}
  if (detach) {
    const wanted = planServers(wish, context).map(({spec}) => spec.label)
    const request = runRequest(context, 'serve', wish)
    const words = backgroundCommand(context, {...command, mode: 'serve', color})
    return serveDetached(context, {root, request, wanted, command: words, write}, output)
  }
  const plan = sessionPlanner(context, {root, install})
  const request = {...wish, release, detached, plan, pinFiles}
  const serving = await serve(context, request, output)
  background?.onReady()
  const wished = host !== undefined || port !== undefined
  if (serving.attached) {
    // Another one was faster; it is the one that goes on in the background.
    if (background) return serving.stop()
    if (!wished) context.log.info('it is served already, by another tool serve; this one follows it')
  }
  tellEnd(context, await serving.ended, 'the servers')
}
