import {Args} from '@oclif/core'
import {BaseCommand} from '../src/cli/base-command.ts'
import {runSupervise} from '../src/cli/run-supervise.ts'

export default class Supervise extends BaseCommand {
  static override group = 'compiling' as const
  static override summary = 'Run any programs side by side, keep them running, and end all of it with Ctrl-C.'
  static override description =
    'FILE is TOML or JSON with a task for each program: command, args, envs, daemon, restart, ready and more. ' +
    'Every line that a task prints begins with its name. It ends when all tasks but daemons have ended: exit code 8 if one failed for good. ' +
    'From elsewhere: tool ps, tool logs FILE, tool attach FILE, tool restart FILE, tool stop FILE. Files of psup work as they are.'
  static override usage = 'supervise FILE'
  static override examples = [
    'tool supervise dev.toml',
    {description: 'Everything as JSON, one object a line', command: 'tool supervise dev.toml --json'},
  ]
  static override args = {
    file: Args.string({required: true, description: 'the file that says what runs'}),
  }

  async run() {
    const {args, flags, context} = await this.start(Supervise)
    await runSupervise(context, {
      file: args.file,
      json: this.jsonEnabled(),
      quiet: flags.quiet,
      release: this.config.self.release,
    })
  }
}
