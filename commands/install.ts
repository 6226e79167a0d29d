import {Args, Flags} from '@oclif/core'
import {availableWords} from '../src/cli/available-words.ts'
import {BaseCommand} from '../src/cli/base-command.ts'
import {frozenFlag, toolchainFlag} from '../src/cli/flags.ts'
import {installWords} from '../src/cli/install-words.ts'
import {renderAvailable} from '../src/cli/render/available.ts'
import {renderInstalled} from '../src/cli/render/installed.ts'

export default class Install extends BaseCommand {
  static override group = 'versions' as const
  static override summary = 'Install versions of toolchains: those named, or all that the project pins.'
  static override description =
    'A version is a number (5.9.3), a part of one (5.9), a range ("^5.9", ">=0.27 <0.29") or a name such as latest. ' +
    'Without a toolchain it is of the default one (typescript, unless configured).'
  static override examples = [
    {description: 'What the project pins', command: 'tool install'},
    {description: 'One version of the default toolchain', command: 'tool install 5.9.3'},
    {description: 'Several toolchains', command: 'tool install esbuild@^0.28 node@22'},
    {
      description: 'From a mirror in your own network',
      command: 'tool install --from https://tools.example/mirror',
    },
    {
      description: 'Into the home of a container image for another platform',
      command: 'TOOL_HOME=/image/root/.tool tool install node@22 --platform linux-arm64',
    },
  ]
  static override strict = false
  static override args = {
    version: Args.string({description: 'VERSION, TOOLCHAIN or TOOLCHAIN@VERSION; any number of them'}),
  }
  static override flags = {
    toolchain: toolchainFlag,
    frozen: frozenFlag,
    force: Flags.boolean({char: 'f', summary: 'Install again what is there.'}),
    list: Flags.boolean({
      char: 'l',
      summary: 'List what could be installed, as tool available does.',
      exclusive: ['force'],
    }),
    from: Flags.string({
      helpValue: 'DIR|URL',
      summary: 'Get everything from this mirror, which tool mirror filled, and from nowhere else.',
    }),
    platform: Flags.string({
      helpValue: 'NAME',
      summary:
        'For another platform, such as linux-arm64: to fill a container image, say, with TOOL_HOME set to its home.',
    }),
    'skip-existing': Flags.boolean({
      char: 's',
      summary: 'Leave what is there as it is; so it is anyway, unless --force is given.',
      exclusive: ['force'],
    }),
  }

  async run() {
    const {flags, context, words} = await this.start(Install)
    if (flags.list) {
      const found = await availableWords(context, words[0], {toolchain: flags.toolchain, all: false})
      this.print(renderAvailable(found))
      return found
    }
    const installed = await installWords(context, words, {
      toolchain: flags.toolchain,
      force: flags.force,
      quiet: flags.quiet,
      from: flags.from,
      platform: flags.platform,
    })
    this.print(renderInstalled(installed))
    return installed
  }
}
