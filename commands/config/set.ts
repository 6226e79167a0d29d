import {Args} from '@oclif/core'
import {describeOrigin} from '../../src/base/origin.ts'
import {BaseCommand} from '../../src/cli/base-command.ts'
import {settingText} from '../../src/cli/render/config.ts'
import {setSetting} from '../../src/house/config.ts'
import {loadDefinitions} from '../../src/toolchain/definitions.ts'

export default class ConfigSet extends BaseCommand {
  static override group = 'house' as const
  static override summary = 'Change one of your settings.'
  static override examples = [
    {
      description: 'The toolchain that commands speak of where they name none',
      command: 'tool config set defaultToolchain sass',
    },
    {
      description: 'Never install a missing version without being asked to',
      command: 'tool config set autoInstall false',
    },
  ]
  static override args = {
    key: Args.string({required: true, description: 'as tool config lists it'}),
    value: Args.string({required: true, description: 'true, false, a name, a number, or JSON'}),
  }

  async run() {
    const {args, context} = await this.start(ConfigSet)
    const setting = await setSetting(context, await loadDefinitions(context), args.key, args.value)
    if (setting.origin.kind === 'variable')
      context.log.warning(
        `${describeOrigin(setting.origin, context.cwd)} is set too, and goes first: ${setting.key} is ${settingText(setting.value)}`,
      )
    return setting
  }
}
