import {Args} from '@oclif/core'
import {BaseCommand} from '../../src/cli/base-command.ts'
import {settingText} from '../../src/cli/render/config.ts'
import {getSetting} from '../../src/house/config.ts'

export default class ConfigGet extends BaseCommand {
  static override group = 'house' as const
  static override summary = 'Print the value of one of your settings, as it acts.'
  static override examples = ['tool config get defaultToolchain', 'tool config get offline --json']
  static override args = {key: Args.string({required: true, description: 'as tool config lists it'})}

  async run() {
    const {args, context} = await this.start(ConfigGet)
    const setting = getSetting(context, args.key)
    this.print(settingText(setting.value))
    return setting
  }
}
