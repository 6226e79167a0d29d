import {Args, Flags} from '@oclif/core'
import {BaseCommand} from '../src/cli/base-command.ts'
import {runTrust} from '../src/cli/run-trust.ts'

export default class Trust extends BaseCommand {
  static override group = 'house' as const
  static override summary = 'Let a project’s own definitions, folders and environment act.'
  static override description =
    'Pins and arguments need no trust. What does: definitions in toolchains/, pins of the form path:DIR, and "environment" ' +
    'in tool.json. A file is trusted as it is: after each change it has to be trusted again.'
  static override examples = [
    {description: 'Look first', command: 'tool trust --show'},
    {description: 'The project you are in', command: 'tool trust'},
    {description: 'Take it back', command: 'tool trust --revoke ~/src/app'},
  ]
  static override args = {
    directory: Args.string({description: 'the folder of a project, or one in it; by default this one'}),
  }
  static override flags = {
    show: Flags.boolean({
      summary: 'Only show what would act, and whether it is trusted.',
      exclusive: ['revoke'],
    }),
    revoke: Flags.boolean({summary: 'Trust nothing in the project any more.'}),
  }

  async run() {
    const {args, flags, context} = await this.start(Trust)
    const {directory} = args
    this.show(await runTrust(context, {directory, show: flags.show, revoke: flags.revoke}))
  }
}
