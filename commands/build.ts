import {Flags} from '@oclif/core'
import {BaseCommand} from '../src/cli/base-command.ts'
import {frozenFlag, installFlag, toolchainArgument} from '../src/cli/flags.ts'
import {buildFormats} from '../src/cli/render/build-output.ts'
import {runBuild} from '../src/cli/run-build.ts'
import {splitAtDashes} from '../src/cli/split-arguments.ts'

export default class Build extends BaseCommand {
  static override group = 'compiling' as const
  static override summary = 'Compile with every toolchain that the project pins, side by side.'
  static override description =
    'Installs what is missing first. Prints diagnostics as they arrive, then a summary; exits 1 if a compiler reported ' +
    'errors, 8 if one failed. What a compiler is given stands in tool.json; arguments after -- are added.'
  static override examples = [
    'tool build',
    {
      description: 'One toolchain, with an argument of its own',
      command: 'tool build esbuild -- --minify',
    },
    {description: 'For a program', command: 'tool build --format json'},
  ]
  static override usage = 'build [TOOLCHAIN] [--format FORMAT] [-- ARGUMENT...]'
  static override args = {toolchain: toolchainArgument}
  static override flags = {
    format: Flags.option({options: buildFormats, default: 'pretty', summary: 'How the result is written.'})(),
    install: installFlag,
    frozen: frozenFlag,
    warm: Flags.boolean({
      allowNo: true,
      default: true,
      summary: 'Ask compilers that the project’s session keeps, where one runs.',
    }),
  }

  async run() {
    const {own, passedOn} = splitAtDashes(this.argv)
    const {args, flags, context} = await this.start(Build, own)
    const {exitCode, result} = await runBuild(context, {
      args: passedOn,
      format: this.jsonEnabled() ? 'none' : flags.format,
      toolchain: args.toolchain,
      install: flags.install,
      quiet: flags.quiet,
      warm: flags.warm,
    })
    process.exitCode = exitCode
    return result
  }
}
