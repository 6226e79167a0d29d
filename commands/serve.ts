import {Flags} from '@oclif/core'
import {BaseCommand} from '../src/cli/base-command.ts'
import {frozenFlag, installFlag, nonEmpty, toolchainArgument} from '../src/cli/flags.ts'
import {runServe} from '../src/cli/run-serve.ts'
import {splitAtDashes} from '../src/cli/split-arguments.ts'

export default class Serve extends BaseCommand {
  static override group = 'compiling' as const
  static override summary = 'Start the dev servers of the project, and print where they really listen.'
  static override description =
    'Prints one line a server, "TOOLCHAIN VERSION URL", once a connection to it succeeds, and stays until Ctrl-C. ' +
    'In a project that is served already it prints the same URLs and follows that server; with --detach it ends there.'
  static override usage = 'serve [TOOLCHAIN] [--detach] [--port N] [--host H] [-- ARGUMENT...]'
  static override examples = [
    'tool serve',
    {
      description: 'In the background: it goes on when the terminal is closed',
      command: 'tool serve --detach',
    },
    {
      description: 'On a port of your choice, for the whole network',
      command: 'tool serve --port 8080 --host 0.0.0.0',
    },
  ]
  static override args = {toolchain: toolchainArgument}
  static override flags = {
    port: Flags.integer({
      min: 0,
      max: 65_535,
      helpValue: 'N',
      summary: 'The port to bind; 0, the default, means any that is free.',
    }),
    host: Flags.custom<string>({parse: async text => nonEmpty(text)})({
      helpValue: 'H',
      summary: 'The address to bind; 127.0.0.1 unless tool.json says otherwise.',
    }),
    detach: Flags.boolean({
      char: 'd',
      summary: 'Leave the servers running in the background, once they listen; tool stop ends them.',
    }),
    install: installFlag,
    frozen: frozenFlag,
  }

  async run() {
    const {own, passedOn} = splitAtDashes(this.argv)
    const {args, flags, context} = await this.start(Serve, own)
    await runServe(context, {
      args: passedOn,
      toolchain: args.toolchain,
      host: flags.host,
      port: flags.port,
      install: flags.install,
      detach: flags.detach,
      quiet: flags.quiet,
      json: this.jsonEnabled(),
      verbose: flags.verbose,
      release: this.config.self.release,
    })
  }
}
