import {Args} from '@oclif/core'
import {BaseCommand} from '../src/cli/base-command.ts'
import {init} from '../src/cli/verbs/init.ts'

export default class Init extends BaseCommand {
  static override group = 'running' as const
  static override summary = 'Print the code that sets up a shell: shims on PATH, tool shell, completion.'
  static override description =
    'A shell evaluates it once, when it starts; nothing is done at each prompt. ' +
    'On a terminal, or without the name of a shell, it says which line to add to which file.'
  static override examples = [
    {description: 'What to do for the shell you use', command: 'tool init'},
    {description: 'The line for ~/.bashrc', command: 'eval "$(tool init bash)"'},
    {description: 'The line for ~/.config/fish/config.fish', command: 'tool init fish | source'},
  ]
  static override args = {
    shell: Args.string({description: 'bash, zsh, fish or powershell'}),
  }

  async run() {
    await this.answer(Init, init)
  }
}
