import {Args, Flags} from '@oclif/core'
import {BaseCommand} from '../src/cli/base-command.ts'
import {nonEmpty} from '../src/cli/flags.ts'
import {renderMirrored} from '../src/cli/render/mirror.ts'
import {runMirror} from '../src/cli/run-mirror.ts'

export default class Mirror extends BaseCommand {
  static override group = 'versions' as const
  static override summary = 'Add versions to a mirror: a folder that any web server can serve.'
  static override description =
    'The archives are verified and kept under their digests, those of all platforms unless some are named. What is there ' +
    'already is not fetched again. tool install --from reads the folder, or its address on a web server.'
  static override usage = 'mirror TOOLCHAIN@VERSION... --to DIR [--platform NAME...]'
  static override examples = [
    {description: 'Feed a fleet', command: 'tool mirror typescript@5.9.3 esbuild@^0.28 --to /srv/mirror'},
    {
      description: 'For some machines only',
      command: 'tool mirror node@22 --platform linux-x64 --platform linux-arm64 --to /srv/mirror',
    },
    'tool install --from https://tools.example/mirror typescript@5.9.3',
  ]
  static override strict = false
  static override args = {
    version: Args.string({required: true, description: 'TOOLCHAIN@VERSION; any number of them'}),
  }
  static override flags = {
    to: Flags.custom<string>({parse: async text => nonEmpty(text)})({
      required: true,
      helpValue: 'DIR',
      summary: 'The folder of the mirror.',
    }),
    platform: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'NAME',
      summary: 'Only for this platform, such as linux-x64; may be given several times.',
    }),
  }

  async run() {
    const {flags, context, words} = await this.start(Mirror)
    const {to, platform, quiet} = flags
    const mirrored = await runMirror(context, words, {to, platforms: platform ?? [], quiet})
    this.print(renderMirrored(mirrored))
    return mirrored
  }
}
