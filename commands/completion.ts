import {Args} from '@oclif/core'
import {BaseCommand} from '../src/cli/base-command.ts'
import {completion} from '../src/cli/verbs/completion.ts'

export default class Completion extends BaseCommand {
  static override group = 'running' as const
  static override summary =
    'Print the code that completes the words of tool in a shell; tool init has it too.'
  static override examples = [
    {description: 'For a shell that was not set up by tool init', command: 'eval "$(tool completion bash)"'},
    {description: 'In fish', command: 'tool completion fish | source'},
  ]
  static override args = {
    shell: Args.string({required: true, description: 'bash, zsh, fish or powershell'}),
  }

  async run() {
    await this.answer(Completion, completion)
  }
}
