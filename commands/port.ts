import {Args} from '@oclif/core'
import {BaseCommand} from '../src/cli/base-command.ts'
import {findServer} from '../src/cli/find-server.ts'

export default class Port extends BaseCommand {
  static override group = 'compiling' as const
  static override summary = 'Print the port of the running server, and nothing else.'
  static override examples = ['tool port', 'curl "http://127.0.0.1:$(tool port esbuild)/"']
  static override usage = 'port [TOOLCHAIN | FILE:TASK]'
  static override args = {
    toolchain: Args.string({
      description: 'which server, where several run; a task that tool supervise runs for this file',
    }),
  }

  async run() {
    const {args, context} = await this.start(Port)
    const server = await findServer(context, args.toolchain, 'port')
    this.print(String(server.port))
    return server
  }
}
