import type {Context} from '../base/context.ts'
import {supervisorsAbove} from '../base/variables.ts'
import {collectDiagnostics} from '../diagnostics/collect.ts'
import {summarize} from '../diagnostics/summary.ts'
import type {Event} from '../model/event.ts'
import {watchdogScript} from '../process/watchdog.ts'
import {createSupervisor} from '../supervisor/supervisor.ts'
import {type PlannedBuild, planAll} from './plan.ts'
import {runCompiler, type Verdict} from './run.ts'
import type {BuildListener, BuildRequest, BuildResult, ToolchainResult} from './types.ts'
import {findKeeper} from './warm.ts'

/**
 * Compiles a project with all of its toolchains side by side, each a supervised child, and resolves when all are
 * gone. With `request.warm`, what the session of the project keeps is asked instead, where there is one. What they report is no exception: see `exitCodeOf`. `context.signal` stops everything.
 * @throws UserError NOTHING_TO_BUILD, PROJECT_CONFIG_CYCLE, PROJECT_NOT_TRUSTED, BUILD_NEEDS_ARGUMENTS, BUILD_INPUT_MISSING
 */
export async function build(
  context: Context,
  request: BuildRequest,
  listener: BuildListener = {},
): Promise<BuildResult> {
  const planned = planAll(request, context)
  const started = performance.now()
  const collector = collectDiagnostics()
  const supervisor = createSupervisor({
    directory: context.layout.run(request.root),
    above: supervisorsAbove(context.env),
    watchdog: watchdogScript(context),
  })
  const tell = (event: Event) => {
    collector.add(event)
    listener.onEvent?.(event)
  }
  supervisor.onEvent(tell)
  if (listener.onLine) supervisor.onLine(line => listener.onLine?.(line))
  const stop = () => void supervisor.shutdown()
  context.signal.addEventListener('abort', stop, {once: true})
  try {
    using keeper = request.warm ? await findKeeper(context, request.root) : undefined
    const run = async (one: PlannedBuild) => {
      const {spec} = one
      const warm = keeper && one.warm()
      const verdict = warm && (await keeper.compile(one, warm, tell))
      return verdict ?? (await runCompiler(supervisor, spec, () => collector.list(spec.id), context.signal))
    }
    const toolchains = await inOrder(planned, run, context.signal)
    const diagnostics = collector.list()
    return {
      toolchains,
      diagnostics,
      summary: {...summarize(diagnostics), durationMs: since(started)},
    }
  } finally {
    context.signal.removeEventListener('abort', stop)
    await supervisor.shutdown()
  }
}

/** Runs each as soon as those it waits for are done; what waits for a failure is skipped. */
async function inOrder(
  planned: readonly PlannedBuild[],
  run: (build: PlannedBuild) => Promise<Verdict>,
  signal: AbortSignal,
): Promise<ToolchainResult[]> {
  const results = new Map<string, Promise<ToolchainResult>>()
  const resultOf = (build: PlannedBuild): Promise<ToolchainResult> => {
    const {name} = build.target.definition
    const known = results.get(name)
    if (known) return known
    const before = planned.filter(other => build.after.includes(other.target.definition.name)).map(resultOf)
    const result = runAfter(build, before, run, signal)
    results.set(name, result)
    return result
  }
  return Promise.all(planned.map(resultOf))
}

async function runAfter(
  build: PlannedBuild,
  before: readonly Promise<ToolchainResult>[],
  run: (build: PlannedBuild) => Promise<Verdict>,
  signal: AbortSignal,
): Promise<ToolchainResult> {
  const {definition, version, origin} = build.target
  const needed = await Promise.all(before)
  const started = performance.now()
  const verdict = await verdictOf(build, needed, run, signal)
  return {name: definition.name, version, origin, durationMs: since(started), ...verdict}
}

async function verdictOf(
  build: PlannedBuild,
  needed: readonly ToolchainResult[],
  run: (build: PlannedBuild) => Promise<Verdict>,
  signal: AbortSignal,
): Promise<Pick<ToolchainResult, 'status' | 'failure'>> {
  if (signal.aborted) return {status: 'cancelled'}
  if (needed.some(({status}) => status !== 'ok')) return {status: 'skipped'}
  return run(build)
}

function since(started: number): number {
  return Math.round(performance.now() - started)
}
