import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {planServers} from '../serve/plan.ts'
import type {PlannedWorker, Planner, RunRequest} from '../session/types.ts'
import {projectTargets} from './project-targets.ts'

/**
 * How the process that holds a project's session plans what is asked of it: by what the project pins then, with what is
 * missing installed first.
 */
export function sessionPlanner(context: Context, {root, install}: {root: string; install: boolean}): Planner {
  return async (request, given) => {
    const {mode, toolchain, cwd, env} = request
    const signal = AbortSignal.any([context.signal, given])
    const asker: Context = {...context, cwd, env, signal}
    const project = await projectTargets(asker, {mode, toolchain, install, quiet: true})
    if (project.root !== root) throw anotherProject(root, project.root)
    return plan(asker, request, project)
  }
}

function plan(
  context: Context,
  request: RunRequest,
  {root, targets}: Awaited<ReturnType<typeof projectTargets>>,
): readonly PlannedWorker[] {
  switch (request.mode) {
    case 'serve':
      return planServers({...request, root, targets}, context)
    case 'build':
    case 'watch':
      throw new Error(`nothing is planned for ${request.mode}`)
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
