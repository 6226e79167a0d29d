import {BaseCommand} from '../src/cli/base-command.ts'
import {renderCurrent} from '../src/cli/render/current.ts'
import {current} from '../src/house/current.ts'
import {loadDefinitions} from '../src/toolchain/definitions.ts'

export default class Current extends BaseCommand {
  static override summary = 'Show what is pinned here, and which file, line or variable says so.'
  static override examples = ['<%= config.bin %> current', '<%= config.bin %> current --json']

  async run() {
    const {context} = await this.start(Current)
    const pins = current(context, await loadDefinitions(context))
    this.print(renderCurrent(pins, context))
    return pins
  }
}
