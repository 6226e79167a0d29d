import {Args, Flags} from '@oclif/core'
import {BaseCommand} from '../src/cli/base-command.ts'
import {renderStopped} from '../src/cli/render/stopped.ts'
import {runStop} from '../src/cli/run-stop.ts'

export default class Stop extends BaseCommand {
  static override group = 'compiling' as const
  static override summary = 'Stop what runs for the project: servers, watchers, and whatever they started.'
  static override description =
    'Says what it stopped, once all of it is gone. Where nothing runs it says that, and is content too: exit code 0.'
  static override usage = 'stop [TOOLCHAIN | FILE | FILE:TASK | --all] [--force]'
  static override examples = [
    'tool stop',
    {description: 'One of several servers', command: 'tool stop esbuild'},
    {description: 'What tool supervise runs for a file', command: 'tool stop dev.toml'},
    {description: 'Whatever runs for any project', command: 'tool stop --all'},
  ]
  static override args = {
    toolchain: Args.string({
      description:
        'only what runs for this toolchain, or what tool supervise runs for this file, or one task of it',
    }),
  }
  static override flags = {
    all: Flags.boolean({summary: 'What runs for any project, wherever you are.'}),
    force: Flags.boolean({
      char: 'f',
      summary: 'Kill a supervisor that does not answer, with all that it runs, whatever was named.',
    }),
  }

  async run() {
    const {args, flags, context} = await this.start(Stop)
    const stopped = await runStop(context, {toolchain: args.toolchain, all: flags.all, force: flags.force})
    this.print(renderStopped(stopped, context))
    return stopped
  }
}
