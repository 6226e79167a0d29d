import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {planKept} from '../build/keep.ts'
import {planServers} from '../serve/plan.ts'
import type {PlannedWorker, Planner, RunRequest} from '../session/types.ts'
import {planWatchers} from '../watch/plan.ts'
import {ProjectFiles} from '../watch/project-files.ts'
import {projectTargets} from './project-targets.ts'

export interface PlannerOptions {
  root: string
  /** Installs what is missing. */
  install: boolean
  /** Of the project, for what was planned elsewhere too. */
  files?: ProjectFiles
}

/**
 * How the process that holds a project's session plans what is asked of it: by what the project pins then, with what is
 * missing installed first.
 */
export function sessionPlanner(
  context: Context,
  {root, install, files = new ProjectFiles(root, context.layout.home)}: PlannerOptions,
): Planner {
  return async (request, given) => {
    const {mode, toolchain, cwd, env} = request
    const signal = AbortSignal.any([context.signal, given])
    const asker: Context = {...context, cwd, env, signal}
    const project = await projectTargets(asker, {mode, toolchain, install, quiet: true})
    if (project.root !== root) throw anotherProject(root, project.root)
    return plan(asker, request, project, files)
  }
}

function plan(
  context: Context,
  request: RunRequest,
  {root, targets}: Awaited<ReturnType<typeof projectTargets>>,
  files: ProjectFiles,
): readonly PlannedWorker[] {
  switch (request.mode) {
    case 'serve':
      return planServers({...request, root, targets}, context)
    case 'watch':
      return planWatchers({...request, root, targets}, context, files)
    case 'build':
      return planKept({...request, root, targets}, context)
  }
}

function anotherProject(root: string, now: string): UserError {
  return new UserError({
    code: 'PROJECT_MOVED',
    message: `what runs is the project in ${root}, and the pins are those of ${now} now`,
    hint: `end it with tool stop --all, or put a .toolversion into ${root} again`,
    exitCode: Exit.badPin,
  })
}
