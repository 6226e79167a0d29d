import {BaseCommand} from '../src/cli/base-command.ts'
import {renderSettings} from '../src/cli/render/config.ts'
import {listSettings} from '../src/house/config.ts'

export default class Config extends BaseCommand {
  static override group = 'house' as const
  static override summary = 'Show your settings, and what set each of them.'
  static override description =
    'They are kept in config.json in the home of tool. Set one with tool config set KEY VALUE.'
  static override examples = ['tool config', 'tool config --json']

  async run() {
    const {context} = await this.start(Config)
    const settings = listSettings(context)
    this.print(renderSettings(settings, context))
    return settings
  }
}
