import {Args} from '@oclif/core'
import {BaseCommand} from '../src/cli/base-command.ts'
import {renderOther, renderServer} from '../src/cli/render/server.ts'
import {runRestart} from '../src/cli/run-restart.ts'

export default class Restart extends BaseCommand {
  static override group = 'compiling' as const
  static override summary = 'Start what runs for the project again, and print where it listens then.'
  static override description =
    'Also what has crashed too often and is not tried any more; with the versions and settings that the project has now.'
  static override examples = [
    'tool restart',
    {description: 'One of several servers', command: 'tool restart esbuild'},
    {description: 'A task of tool supervise', command: 'tool restart dev.toml:web'},
  ]
  static override usage = 'restart [TOOLCHAIN | FILE | FILE:TASK]'
  static override args = {
    toolchain: Args.string({
      description:
        'only what runs for this toolchain, or what tool supervise runs for this file, or one task of it',
    }),
  }

  async run() {
    const {args, context} = await this.start(Restart)
    const {servers, others} = await runRestart(context, args.toolchain)
    const lines = [...servers.map(renderServer), ...others.map(one => `${renderOther(one)} started again`)]
    this.print(lines.map(line => `${line}\n`).join(''))
    return [...servers, ...others]
  }
}
