import {Args} from '@oclif/core'
import {BaseCommand} from '../src/cli/base-command.ts'
import {runAttach} from '../src/cli/run-attach.ts'

export default class Attach extends BaseCommand {
  static override group = 'compiling' as const
  static override summary =
    'Follow what runs for the project: URLs, diagnostics, and all that servers and watchers print.'
  static override description =
    'Prints the URLs on stdout and the rest on stderr, until Ctrl-C, which leaves what runs alone, or until that ends.'
  static override usage = 'attach [FILE]'
  static override args = {file: Args.string({description: 'what tool supervise runs for this file'})}
  static override examples = ['tool attach', 'tool serve --detach && tool attach']

  async run() {
    const {args, context} = await this.start(Attach)
    await runAttach(context, {json: this.jsonEnabled(), file: args.file})
  }
}
