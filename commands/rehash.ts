import {BaseCommand} from '../src/cli/base-command.ts'
import {rehash} from '../src/cli/verbs/rehash.ts'

export default class Rehash extends BaseCommand {
  static override group = 'running' as const
  static override summary = 'Bring the shims in line with what is installed.'
  static override description =
    'Happens by itself after install, uninstall, link and upgrade; needed after a version was put into the home by hand, ' +
    'or after toolversion itself was moved.'
  static override examples = ['tool rehash']

  async run() {
    await this.answer(Rehash, rehash)
  }
}
