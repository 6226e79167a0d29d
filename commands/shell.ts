import {Args, Flags} from '@oclif/core'
import {BaseCommand} from '../src/cli/base-command.ts'
import {installFlag, toolchainFlag} from '../src/cli/flags.ts'
import {runShell} from '../src/cli/run-shell.ts'
import {withProgress} from '../src/cli/with-progress.ts'
import {makeAvailable} from '../src/install/available.ts'

export default class Shell extends BaseCommand {
  static override group = 'pins' as const
  static override summary = 'Pin versions for the current shell alone, or say what is pinned for it.'
  static override description =
    'It holds before all files, until the shell ends; "-" is what was set before. Works in a shell that was set up by tool init.'
  static override usage =
    'shell [[TOOLCHAIN@]VERSION... | - | --unset [TOOLCHAIN...]] [-t NAME] [--no-install]'
  static override examples = [
    'tool shell 5.8',
    {description: 'Several toolchains', command: 'tool shell typescript@5.8 esbuild@0.27'},
    {description: 'What was set before', command: 'tool shell -'},
    {description: 'What files pin, again', command: 'tool shell --unset'},
  ]
  static override strict = false
  static override args = {
    version: Args.string({description: 'VERSION or TOOLCHAIN@VERSION, any number of them; or -'}),
  }
  static override flags = {
    toolchain: toolchainFlag,
    unset: Flags.boolean({
      summary: 'Go back to what files pin: of the default toolchain, unless others are named.',
    }),
    install: installFlag,
    hook: Flags.string({hidden: true, options: ['bash', 'zsh', 'fish', 'powershell']}),
  }

  async run() {
    const {context, flags, words} = await this.start(Shell)
    const {self} = this.config
    const call = {context, words, flags: {...flags, json: this.jsonEnabled()}, self}
    const shown = await runShell(call, async (definitions, pins) => {
      const {install} = flags
      await withProgress(context, flags.quiet, options =>
        makeAvailable(context, definitions, pins, {...options, install}),
      )
      return true
    })
    if (shown) this.show(shown)
  }
}
