import {Args} from '@oclif/core'
import {BaseCommand} from '../src/cli/base-command.ts'
import {toolchainFlag} from '../src/cli/flags.ts'
import {renderPinned} from '../src/cli/render/pinned.ts'
import {runPin} from '../src/cli/run-pin.ts'

export default class PinCommand extends BaseCommand {
  static override group = 'pins' as const
  static override summary = 'Install, and write the exact version into the project’s pin file.'
  static override usage = 'pin [TOOLCHAIN | [TOOLCHAIN@]VERSION...] [-t NAME]'
  static override examples = [
    {description: 'Whatever the project’s ranges mean now, exactly', command: 'tool pin'},
    {description: 'The newest 5.9', command: 'tool pin typescript@5.9'},
  ]
  static override strict = false
  static override args = {
    version: Args.string({description: 'a toolchain, or a version, range or tag of one'}),
  }
  static override flags = {toolchain: toolchainFlag}

  async run() {
    await this.answer(PinCommand, async call => {
      const pinned = await runPin(call)
      return {text: renderPinned(pinned, call.context), result: pinned}
    })
  }
}
