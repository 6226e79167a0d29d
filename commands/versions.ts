import {Flags} from '@oclif/core'
import {BaseCommand} from '../src/cli/base-command.ts'
import {renderVersions} from '../src/cli/render/versions.ts'
import {versions} from '../src/house/versions.ts'
import {loadDefinitions} from '../src/toolchain/definitions.ts'

export default class Versions extends BaseCommand {
  static override summary = 'List the installed versions; * marks those that are pinned here.'
  static override examples = [
    '<%= config.bin %> versions',
    {description: 'Of one toolchain, for a script', command: '<%= config.bin %> versions -t esbuild --bare'},
  ]
  static override flags = {
    toolchain: Flags.string({char: 't', helpValue: 'NAME', summary: 'Only of this toolchain.'}),
    bare: Flags.boolean({summary: 'Only the version numbers, one a line.'}),
  }

  async run() {
    const {flags, context} = await this.start(Versions)
    const definitions = await loadDefinitions(context)
    const toolchain = flags.toolchain && definitions.get(flags.toolchain, {kind: 'argument', text: '-t'}).name
    const list = versions(context, definitions, toolchain)
    if (list.length === 0 && !this.jsonEnabled()) context.log.info('nothing is installed')
    this.print(flags.bare ? list.map(({version}) => version).join('\n') : renderVersions(list, context))
    return list
  }
}
