import type {Context} from '../base/context.ts'
import {runDetached} from '../session/detach.ts'
import {runRequest} from '../session/request.ts'
import {readRecord} from '../supervisor/control-record.ts'
import {planWatchers} from '../watch/plan.ts'
import {ProjectFiles} from '../watch/project-files.ts'
import {watch} from '../watch/watch.ts'
import {projectTargets} from './project-targets.ts'
import {backgroundCommand, type SessionCommand} from './session-command.ts'
import {sessionPlanner} from './session-planner.ts'
import {tellEnd} from './tell-end.ts'
import {usesColor} from './terminal.ts'
import {terminalWriter} from './terminal-writer.ts'
import {watchOutput} from './watch-output.ts'

/**
 * `tool watch`: keeps the project's compilers at work until it is stopped, and shows what each run changes.
 * @throws UserError those of `projectTargets`, `watch` and `runDetached`; the error of the first compiler
 *   that failed for good
 */
export async function runWatch(context: Context, command: SessionCommand): Promise<void> {
  const {args, json, verbose, release, detach, background, color: given, ...options} = command
  const {env, cwd, log, layout} = context
  const {root, targets, pinFiles} = await projectTargets(context, {...options, mode: 'watch'})
  const {toolchain, install, quiet} = options
  const write = background?.write ?? terminalWriter(json)
  const [color, errorColor] = [
    given ?? usesColor(process.stdout, env),
    given ?? usesColor(process.stderr, env),
  ]
  const output = watchOutput({
    cwd,
    color,
    errorColor,
    json,
    quiet: quiet && background === undefined,
    verbose,
    write: text => write('out', text),
    writeError: text => write('err', text),
  })
  const files = new ProjectFiles(root, layout.home)
  const wish = {root, targets, toolchain, args, color: errorColor && verbose}
  const planned = planWatchers(wish, context, files)
  const names = planned.map(({target}) => `${target.definition.name} ${target.version}`).join(', ')
  if (detach) {
    const wanted = planned.map(({spec}) => spec.label)
    const request = runRequest(context, 'watch', wish)
    const words = backgroundCommand(context, {...command, mode: 'watch', color: errorColor})
    const how = await runDetached(context, {root, request, wanted, command: words, write}, output)
    if (how === 'joined-foreground')
      log.warning(`${names} watched, until the tool that runs in a terminal ends`)
    else log.info(`${names} watched in the background; tool stop ends that`)
    return
  }
  if (!quiet && !background) log.info(beginning(names, readRecord(layout, root) !== undefined))
  const plan = sessionPlanner(context, {root, install, files})
  const request = {...wish, release, detached: background !== undefined, plan, pinFiles, files}
  const running = await watch(context, request, {
    ...output,
    onLine: line => {
      // What ends all of it is told once, with what to do.
      if (line.text !== files.trouble?.message) output.onLine?.(line)
    },
  })
  background?.onReady()
  // Another one was faster; it is the one that goes on in the background.
  if (running.attached && background) return running.stop()
  tellEnd(context, await running.ended, 'the compilers')
}

/** @param isShared whether what runs goes on when this command ends */
function beginning(names: string, isShared: boolean): string {
  return isShared
    ? `watching with ${names}, in the session that runs already; Ctrl-C ends this`
    : `watching with ${names}; Ctrl-C ends it`
}
