import {Args} from '@oclif/core'
import {BaseCommand} from '../src/cli/base-command.ts'
import {frozenFlag, installFlag, toolchainFlag} from '../src/cli/flags.ts'
import {runExec} from '../src/cli/run-exec.ts'
import {splitAtCommand} from '../src/cli/split-arguments.ts'

export default class Exec extends BaseCommand {
  static override group = 'running' as const
  static override summary =
    'Become a command of the pinned version, or any command with the pinned versions on its PATH.'
  static override usage = 'exec [--no-install] [TOOLCHAIN@VERSION... --] COMMAND [ARGUMENT...]'
  static override examples = [
    'tool exec tsc --version',
    {
      description: 'A version that nothing pins',
      command: 'tool exec typescript@5.9.3 -- tsc --version',
    },
    {
      description: 'Any program, with the pinned versions first on PATH',
      command: 'tool exec sh -c "tsc --version"',
    },
  ]
  static override enableJsonFlag = false
  static override strict = false
  static override wordsEndFlags = true
  static override args = {
    command: Args.string({description: 'the command and its arguments, which are passed on as they are'}),
  }
  static override flags = {
    toolchain: toolchainFlag,
    install: installFlag,
    frozen: frozenFlag,
  }

  async run() {
    // The framework would take flags of the command for ours, so only what precedes it is parsed.
    const {own, rest} = splitAtCommand(this.argv)
    const {flags, context} = await this.start(Exec, own)
    const {install, quiet, toolchain} = flags
    await runExec(context, rest, {install, quiet, toolchain, self: this.config.self})
  }
}
