import {BaseCommand} from '../src/cli/base-command.ts'
import {root} from '../src/cli/verbs/root.ts'

export default class Root extends BaseCommand {
  static override group = 'versions' as const
  static override summary = 'Show the folder that versions, shims and settings are kept in (TOOL_HOME).'
  static override examples = ['tool root', 'du -sh "$(tool root)"']

  async run() {
    await this.answer(Root, root)
  }
}
