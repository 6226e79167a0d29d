import type {Context} from '../base/context.ts'
import {serve} from '../serve/serve.ts'
import type {RunningServer, ServeEnd} from '../serve/types.ts'
import {projectTargets, type TargetOptions} from './project-targets.ts'
import {publishedBy} from './render/build-output.ts'
import {renderDiagnostic} from './render/pretty.ts'
import {usesColor} from './terminal.ts'

export interface ServeCommand extends Omit<TargetOptions, 'mode'> {
  args: readonly string[]
  host: string | undefined
  port: number | undefined
  json: boolean
  release: string
}

/**
 * `tool serve`: one line on stdout for each server once it listens, diagnostics on stderr as they come, until the
 * servers are stopped.
 * @throws UserError those of `projectTargets` and `serve`; the error of the first server that failed for good
 */
export async function runServe(context: Context, command: ServeCommand): Promise<void> {
  const {args, host, port, json, release, ...options} = command
  const {root, targets} = await projectTargets(context, {...options, mode: 'serve'})
  const color = usesColor(process.stderr, context.env)
  const serving = await serve(
    context,
    {root, targets, args, host, port, release},
    {
      onServer: server => process.stdout.write(`${json ? JSON.stringify(server) : renderServer(server)}\n`),
      onEvent: event => {
        for (const diagnostic of publishedBy(event))
          process.stderr.write(`${renderDiagnostic(diagnostic, {cwd: context.cwd, color})}\n`)
      },
    },
  )
  if (serving.attached) context.log.info('it is served already, by another tool serve; this one follows it')
  report(await serving.ended)
}

/** `esbuild 0.28.2 http://127.0.0.1:49213/` */
function renderServer({toolchain, version, url}: RunningServer): string {
  return `${toolchain} ${version} ${url}`
}

function report(end: ServeEnd): void {
  if (end.kind !== 'exited') return
  const [first] = end.errors
  if (first) throw first
}
