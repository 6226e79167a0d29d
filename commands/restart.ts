import {Args} from '@oclif/core'
import {BaseCommand} from '../src/cli/base-command.ts'
import {renderServer} from '../src/cli/render/server.ts'
import {runRestart} from '../src/cli/run-restart.ts'

export default class Restart extends BaseCommand {
  static override group = 'compiling' as const
  static override summary = 'Start what runs for the project again, and print where it listens then.'
  static override description =
    'Also what has crashed too often and is not tried any more; with the versions and settings that the project has now.'
  static override examples = [
    'tool restart',
    {description: 'One of several servers', command: 'tool restart esbuild'},
  ]
  static override args = {toolchain: Args.string({description: 'only what runs for this toolchain'})}

  async run() {
    const {args, context} = await this.start(Restart)
    const servers = await runRestart(context, args.toolchain)
    this.print(servers.map(server => `${renderServer(server)}\n`).join(''))
    return servers
  }
}
