import {BaseCommand} from '../src/cli/base-command.ts'
import {runStatus} from '../src/cli/run-status.ts'

export default class Status extends BaseCommand {
  static override group = 'house' as const
  static override summary = 'Say where you are: what is pinned here, installed or not, and which servers run.'
  static override description = 'The same as tool without a command.'
  static override examples = ['tool', 'tool status --json']

  async run() {
    await this.answer(Status, runStatus)
  }
}
