import {Flags} from '@oclif/core'
import {BaseCommand} from '../src/cli/base-command.ts'
import {frozenFlag, installFlag, toolchainArgument} from '../src/cli/flags.ts'
import {runWatch} from '../src/cli/run-watch.ts'
import {splitAtDashes} from '../src/cli/split-arguments.ts'

export default class Watch extends BaseCommand {
  static override group = 'compiling' as const
  static override summary = 'Compile at every change with every toolchain that the project pins.'
  static override description =
    'Stays until Ctrl-C. After each run it prints the diagnostics that are new, and a line that says what stands and how long ' +
    'after the save. A compiler with a watch mode uses it, others are run anew. What it is given is what tool.json has for ' +
    'watch, or else for build; arguments after -- are added.'
  static override usage = 'watch [TOOLCHAIN] [--detach] [-- ARGUMENT...]'
  static override examples = [
    'tool watch',
    {description: 'One toolchain, with an argument of its own', command: 'tool watch typescript -- --noEmit'},
    {
      description: 'In the background, for an editor: tool stop ends it',
      command: 'tool watch --detach',
    },
    {description: 'For a program: one event or run a line', command: 'tool watch --json'},
  ]
  static override args = {toolchain: toolchainArgument}
  static override flags = {
    detach: Flags.boolean({
      char: 'd',
      summary: 'Leave the compilers at work in the background, once each has run; tool stop ends them.',
    }),
    install: installFlag,
    frozen: frozenFlag,
  }

  async run() {
    const {own, passedOn} = splitAtDashes(this.argv)
    const {args, flags, context} = await this.start(Watch, own)
    await runWatch(context, {
      args: passedOn,
      toolchain: args.toolchain,
      install: flags.install,
      detach: flags.detach,
      quiet: flags.quiet,
      json: this.jsonEnabled(),
      verbose: flags.verbose,
      release: this.config.self.release,
    })
  }
}
