import {Flags} from '@oclif/core'
import {BaseCommand} from '../src/cli/base-command.ts'
import {renderPrune} from '../src/cli/render/prune.ts'
import {runPrune} from '../src/cli/run-prune.ts'

export default class Prune extends BaseCommand {
  static override group = 'versions' as const
  static override summary =
    'Remove the versions that nobody needs, what is left in the cache, and the logs of projects that are gone.'
  static override description =
    'Needed is what a project that tool was used in pins or locks, what is pinned globally or here, and what a supervisor ' +
    'runs. Versions that were put there by hand, or linked, stay. Asks first; without a terminal it ' +
    'refuses, as it does where a project does not say what it needs: its pin file can’t be read, say.'
  static override examples = [
    {description: 'Look first', command: 'tool prune --dry-run'},
    {description: 'And why the others stay', command: 'tool prune --dry-run --verbose'},
    {description: 'In a script', command: 'tool prune --yes'},
  ]
  static override flags = {
    'dry-run': Flags.boolean({char: 'n', summary: 'Only show what would be removed.'}),
    force: Flags.boolean({
      char: 'f',
      summary: 'Remove them although a project, or a supervisor, does not say what it needs.',
    }),
    yes: Flags.boolean({char: 'y', summary: 'Do not ask.'}),
  }

  async run(): Promise<object> {
    const {flags, context} = await this.start(Prune)
    const dryRun = flags['dry-run'] === true
    const plan = await runPrune(context, {
      dryRun,
      force: flags.force,
      yes: flags.yes,
      json: this.jsonEnabled(),
    })
    this.print(renderPrune(plan, context, {dryRun, verbose: flags.verbose}))
    return {dryRun, ...plan}
  }
}
