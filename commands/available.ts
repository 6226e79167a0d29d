import {Args, Flags} from '@oclif/core'
import {availableWords} from '../src/cli/available-words.ts'
import {BaseCommand} from '../src/cli/base-command.ts'
import {toolchainFlag} from '../src/cli/flags.ts'
import {renderAvailable} from '../src/cli/render/available.ts'

export default class Available extends BaseCommand {
  static override group = 'versions' as const
  static override summary = 'List the versions that could be installed, newest last.'
  static override description =
    'Pre-releases are left out unless --all or their own name asks for them. With --offline it is what was known last.'
  static override examples = [
    'tool available',
    {description: 'Of another toolchain', command: 'tool available esbuild'},
    {description: 'Only some', command: 'tool available typescript@5.9'},
  ]
  static override args = {
    versions: Args.string({description: 'TOOLCHAIN, TOOLCHAIN@RANGE, or a RANGE of the default toolchain'}),
  }
  static override flags = {
    toolchain: toolchainFlag,
    all: Flags.boolean({summary: 'Pre-releases too.'}),
    bare: Flags.boolean({summary: 'Only the names of versions, one a line.'}),
  }

  async run(): Promise<object> {
    const {args, flags, context} = await this.start(Available)
    const found = await availableWords(context, args.versions, flags)
    if (found.hidden > 0 && !this.jsonEnabled() && !flags.bare)
      context.log.info(`${found.hidden} pre-releases are left out: add --all`)
    this.print(flags.bare ? found.versions.map(({version}) => version).join('\n') : renderAvailable(found))
    return found
  }
}
