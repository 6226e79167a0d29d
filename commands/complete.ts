import {Args, Flags} from '@oclif/core'
import {BaseCommand} from '../src/cli/base-command.ts'
import {splitAtCommand} from '../src/cli/split-arguments.ts'
import {complete} from '../src/cli/verbs/complete.ts'

/** What the shells ask when TAB is pressed. */
export default class Complete extends BaseCommand {
  static override group = 'running' as const
  static override hidden = true
  static override enableJsonFlag = false
  static override summary = 'Say what the last word of a command line may become.'
  static override examples = ['tool complete -- uninstall typescript@']
  static override strict = false
  static override wordsEndFlags = true
  static override args = {
    word: Args.string({description: 'the words behind tool, after --'}),
  }
  static override flags = {
    line: Flags.boolean({
      summary: 'Two words follow: the line as typed, and the end of it that would be replaced.',
    }),
  }

  async run() {
    const {own, rest} = splitAtCommand(this.argv)
    const {context, flags} = await this.start(Complete, own)
    const {self} = this.config
    this.show(await complete({context, words: rest, flags: {line: flags.line}, self}))
  }
}
