import {BaseCommand} from '../src/cli/base-command.ts'
import {nothingRuns} from '../src/cli/nothing-runs.ts'
import {renderRunning} from '../src/cli/render/running.ts'
import {runningProjects} from '../src/session/running.ts'

export default class Ps extends BaseCommand {
  static override group = 'compiling' as const
  static override summary = 'List what runs, for all projects: state, process, memory, where it listens.'
  static override description =
    'Memory and processor time are those of a server with all that it started. A project marked with * is detached: it goes on when its terminal is closed. A narrow terminal is shown fewer columns; --json has all.'
  static override examples = ['tool ps', 'tool ps --json']

  async run() {
    const {context} = await this.start(Ps)
    const projects = await runningProjects(context)
    if (projects.length === 0) context.log.info(nothingRuns(context))
    this.print(renderRunning(projects, context, process.stdout.columns))
    return projects
  }
}
