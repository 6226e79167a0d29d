import type {Context} from '../base/context.ts'
import {serve} from '../serve/serve.ts'
import {projectTargets, type TargetOptions} from './project-targets.ts'
import {serveOutput} from './serve-output.ts'
import {usesColor} from './terminal.ts'

export interface ServeCommand extends Omit<TargetOptions, 'mode'> {
  args: readonly string[]
  host: string | undefined
  port: number | undefined
  json: boolean
  verbose: boolean
  release: string
}

/**
 * `tool serve`: one line on stdout for each server once it listens, until the servers are stopped.
 * @throws UserError those of `projectTargets` and `serve`; the error of the first server that failed for good
 */
export async function runServe(context: Context, command: ServeCommand): Promise<void> {
  const {args, host, port, json, verbose, release, ...options} = command
  const {root, targets} = await projectTargets(context, {...options, mode: 'serve'})
  const color = usesColor(process.stderr, context.env)
  const output = serveOutput({
    cwd: context.cwd,
    color,
    json,
    verbose,
    write: text => process.stdout.write(text),
    writeError: text => process.stderr.write(text),
  })
  const serving = await serve(context, {root, targets, args, host, port, color, release}, output)
  const wished = host !== undefined || port !== undefined
  if (serving.attached && !wished)
    context.log.info('it is served already, by another tool serve; this one follows it')
  const end = await serving.ended
  const [first] = end.kind === 'exited' ? end.errors : []
  if (first) throw first
}
