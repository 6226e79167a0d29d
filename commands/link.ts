import {Args, Flags} from '@oclif/core'
import {BaseCommand} from '../src/cli/base-command.ts'
import {toolchainFlag} from '../src/cli/flags.ts'
import {runLink} from '../src/cli/run-link.ts'

export default class Link extends BaseCommand {
  static override group = 'versions' as const
  static override summary = 'Make a folder of yours a version of a toolchain, to be pinned by a name.'
  static override description =
    'The folder has its programs in bin/, and stays where it is: a build of a compiler from its sources, say.'
  static override examples = [
    {
      description: 'A compiler that you build yourself, and a project that uses it',
      command: 'tool link dev ../TypeScript/built',
    },
    'tool local dev',
    {description: 'Of another toolchain', command: 'tool link esbuild@mine /opt/esbuild'},
  ]
  static override args = {
    name: Args.string({required: true, description: 'NAME or TOOLCHAIN@NAME'}),
    directory: Args.string({required: true, description: 'the folder, with bin/ in it'}),
  }
  static override flags = {
    toolchain: toolchainFlag,
    force: Flags.boolean({char: 'f', summary: 'Replace another link of that name; never a version.'}),
  }

  async run() {
    const {args, flags, context} = await this.start(Link)
    const linked = await runLink(context, args, flags)
    const {toolchain, version, target} = linked
    this.print(`${toolchain} ${version}  linked to ${target}`)
    return linked
  }
}
