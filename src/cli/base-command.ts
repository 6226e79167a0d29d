import {Command, Flags, type Interfaces} from '@oclif/core'
import type {Context} from '../base/context.ts'
import {abortOnSignals} from './interrupt.ts'
import {processContext} from './process-context.ts'

type FlagsOf<T extends typeof Command> = Interfaces.InferredFlags<
  (typeof BaseCommand)['baseFlags'] & T['flags']
>
type ArgsOf<T extends typeof Command> = Interfaces.InferredArgs<T['args']>

export interface Started<T extends typeof Command> {
  args: ArgsOf<T>
  flags: FlagsOf<T>
  /** Every word that is no flag, as typed, also those that follow `--`. */
  words: string[]
  context: Context
}

/** What every command shares: the global flags, the context, errors in the one form. */
export abstract class BaseCommand extends Command {
  static override enableJsonFlag = true

  static override baseFlags = {
    directory: Flags.string({
      char: 'C',
      helpValue: 'DIR',
      helpGroup: 'GLOBAL',
      summary: 'Run as if started in this folder.',
    }),
    quiet: Flags.boolean({
      helpGroup: 'GLOBAL',
      summary: 'Say nothing but results and errors.',
      exclusive: ['verbose'],
    }),
    verbose: Flags.boolean({helpGroup: 'GLOBAL', summary: 'Say every step (as TOOL_LOG=debug).'}),
  }

  /** Parses the command line and builds the context. */
  protected async start<T extends typeof Command>(command: T, line = this.argv): Promise<Started<T>> {
    const {args, argv, flags} = await this.parse(command, line)
    const {directory, quiet, verbose} = flags as FlagsOf<typeof BaseCommand>
    const context = processContext(
      {directory, quiet: quiet ?? false, verbose: verbose ?? false},
      this.config.root,
      abortOnSignals().signal,
    )
    return {args, flags, context, words: argv as string[]} as Started<T>
  }

  /** Prints a result for people; with --json nothing, since the returned value is printed instead. */
  protected print(text: string): void {
    if (text !== '' && !this.jsonEnabled()) process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
  }

  /** Whatever a command throws is told by bin, with --json too. */
  protected override async catch(error: Error): Promise<void> {
    throw error
  }
}
