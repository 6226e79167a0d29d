import {Args} from '@oclif/core'
import {BaseCommand} from '../src/cli/base-command.ts'
import {findServer} from '../src/cli/find-server.ts'
import {openUrl} from '../src/process/open-url.ts'

export default class Open extends BaseCommand {
  static override group = 'compiling' as const
  static override summary = 'Open the running server in the browser, and print its URL.'
  static override description =
    'The browser is what BROWSER names, else the one of the system. Without a display the URL is only printed; so it is with BROWSER=none.'
  static override examples = ['tool open', 'tool open esbuild', 'BROWSER=firefox tool open']
  static override usage = 'open [TOOLCHAIN | FILE:TASK]'
  static override args = {
    toolchain: Args.string({
      description: 'which server, where several run; a task that tool supervise runs for this file',
    }),
  }

  async run() {
    const {args, context} = await this.start(Open)
    const server = await findServer(context, args.toolchain, 'open')
    const opened = await openUrl(server.url, context.env, process.platform)
    if (!opened) context.log.info('there is no browser to open it in')
    this.print(server.url)
    return {...server, opened}
  }
}
