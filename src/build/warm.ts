import type {Context} from '../base/context.ts'
import {messageOf} from '../base/errors.ts'
import {ownEnvironment} from '../driver/environment.ts'
import type {WarmPlan} from '../driver/plan.ts'
import {Severity} from '../model/diagnostic.ts'
import type {Event} from '../model/event.ts'
import {Status} from '../model/protocol.ts'
import {orAborted} from '../session/or-aborted.ts'
import {type Controller, connectControl, isNotAnswering} from '../supervisor/controller.ts'
import type {PlannedBuild} from './plan.ts'
import type {Verdict} from './run.ts'

/** The session of a project, as the keeper of compilers that need not start anew for each build. */
export interface Keeper extends Disposable {
  /**
   * Has a compiler compile that the session keeps.
   * @param tell hears what it said, where it came to a verdict
   * @returns undefined where it can't be done so, for whatever reason: then the compiler itself is to be run
   */
  compile(build: PlannedBuild, warm: WarmPlan, tell: (event: Event) => void): Promise<Verdict | undefined>
}

/** Finds who keeps compilers for a project; undefined where nothing runs for it. */
export async function findKeeper(context: Context, root: string): Promise<Keeper | undefined> {
  const {layout, signal, log} = context
  try {
    const controller = await connectControl({layout, projectRoot: root, signal})
    return controller && keeperOf(context, controller)
  } catch (error) {
    if (isNotAnswering(error)) log.warning(`${error.message}, so all is built without it; ${error.hint}`)
    else if (!signal.aborted) log.debug(`all is built cold: ${messageOf(error)}`)
    return undefined
  }
}

function keeperOf(context: Context, controller: Controller): Keeper {
  const {signal, log} = context
  return {
    async compile(build, warm, tell) {
      const {definition, version} = build.target
      const name = `${definition.name} ${version}`
      try {
        const verdict = await compile(context, controller, warm, tell)
        log.debug(verdict ? `${name} is built warm` : `${name} is built cold: it failed without a word`)
        return verdict
      } catch (error) {
        if (signal.aborted) return {status: 'cancelled'}
        if (isNotAnswering(error))
          log.warning(`${error.message}, so ${name} is built without it; ${error.hint}`)
        else log.debug(`${name} is built cold: ${messageOf(error)}`)
        return undefined
      }
    },
    [Symbol.dispose]: () => controller.close(),
  }
}

async function compile(
  context: Context,
  controller: Controller,
  {spec: {id, label}, arguments: words}: WarmPlan,
  tell: (event: Event) => void,
): Promise<Verdict | undefined> {
  const {cwd, env, signal} = context
  const request = {mode: 'build', toolchain: label, cwd, env: ownEnvironment(env), stay: true} as const
  const [kept] = await orAborted(controller.run(request), signal)
  if (kept?.workerId !== id) throw new Error(`what is kept is ${kept?.workerId ?? 'nothing'}`)
  const params = {id, pid: kept.pid ?? undefined, taskId: `${id} for ${process.pid}`, arguments: [...words]}
  const {status, diagnostics} = await controller.compile(params, signal)
  // Who gave up is told so above; else somebody stopped the compiler in the middle.
  if (status === Status.cancelled) throw new Error('it was broken off')
  const hasErrors = diagnostics.some(published =>
    published.diagnostics.some(({severity = Severity.error}) => severity === Severity.error),
  )
  // What it printed, which alone tells why, is better seen where it is run itself.
  if (status === Status.error && !hasErrors) return undefined
  for (const published of diagnostics) tell({type: 'diagnostics/publish', ...published})
  return {status: hasErrors ? 'errors' : 'ok'}
}
