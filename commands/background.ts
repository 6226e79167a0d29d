import {Args} from '@oclif/core'
import {BaseCommand} from '../src/cli/base-command.ts'
import {frozenFlag} from '../src/cli/flags.ts'
import {runBackground} from '../src/cli/run-background.ts'

/** What goes on when `tool serve --detach` or `tool watch --detach` has ended. */
export default class Background extends BaseCommand {
  static override group = 'compiling' as const
  static override hidden = true
  static override enableJsonFlag = false
  static override summary = 'Serve or watch the project for the tool with --detach that started this.'
  static override examples = ['tool serve --detach']
  static override args = {command: Args.string({required: true, description: 'what to do, in JSON'})}
  static override flags = {frozen: frozenFlag}

  async run() {
    const {args, flags, context} = await this.start(Background)
    await runBackground(context, args.command, {verbose: flags.verbose, release: this.config.self.release})
  }
}
