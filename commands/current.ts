import {BaseCommand} from '../src/cli/base-command.ts'
import {current} from '../src/cli/verbs/current.ts'

export default class Current extends BaseCommand {
  static override group = 'pins' as const
  static override summary = 'Show what is pinned here, and which file, line or variable says so.'
  static override examples = ['tool current', 'tool current --json']

  async run() {
    await this.answer(Current, current)
  }
}
