import {BaseCommand} from '../src/cli/base-command.ts'
import {renderToolchains} from '../src/cli/render/toolchains.ts'
import {listToolchains} from '../src/house/toolchains.ts'
import {loadDefinitions} from '../src/toolchain/definitions.ts'

export default class Toolchains extends BaseCommand {
  static override group = 'house' as const
  static override summary = 'List the toolchains that can be pinned here: built-in, your own, the project’s.'
  static override description =
    'Your own are defined in toolchains/*.json in the home of tool, a project’s in its folder toolchains/. ' +
    'With --json also sources, aliases and the file of each.'
  static override examples = ['tool toolchains', 'tool toolchains --json']

  async run() {
    const {context} = await this.start(Toolchains)
    const all = listToolchains(context, await loadDefinitions(context))
    this.print(renderToolchains(all, context))
    return all
  }
}
