import {Args} from '@oclif/core'
import {BaseCommand} from '../../src/cli/base-command.ts'
import {unsetSetting} from '../../src/house/config.ts'

export default class ConfigUnset extends BaseCommand {
  static override group = 'house' as const
  static override summary = 'Forget one of your settings, so that its default holds.'
  static override examples = ['tool config unset defaultToolchain']
  static override args = {key: Args.string({required: true, description: 'as tool config lists it'})}

  async run() {
    const {args, context} = await this.start(ConfigUnset)
    const removed = await unsetSetting(context, args.key)
    if (!removed) context.log.info(`${args.key} was not set`)
    return {key: args.key, removed}
  }
}
