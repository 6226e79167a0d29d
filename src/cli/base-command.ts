import {Command, type Config, Flags, type Interfaces} from '@oclif/core'
import type {Context} from '../base/context.ts'
import {abortOnSignals} from './interrupt.ts'
import {explainMissing} from './missing-argument.ts'
import {present} from './present.ts'
import {type ProcessContext, processContext} from './process-context.ts'
import type {Self} from './self.ts'
import type {Call, Shown, Verb} from './verb.ts'
import {wantsTrust} from './wants-trust.ts'

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

/** The groups that `tool help` lists commands in. */
export type CommandGroup = 'pins' | 'versions' | 'running' | 'compiling' | 'house'

/** oclif's configuration, with what it does not know of us. */
export interface OwnConfig extends Config {
  self: Self
}

/** What every command shares: the global flags, the context, errors in the one form. */
export abstract class BaseCommand extends Command {
  static override enableJsonFlag = true
  /** Where `tool help` lists it. */
  static group: CommandGroup
  /** Set if the first word ends our flags, since the rest is another program's command line. */
  static wordsEndFlags = false

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
    offline: Flags.boolean({helpGroup: 'GLOBAL', summary: 'Use no network (as TOOL_OFFLINE=1).'}),
  }

  declare config: OwnConfig
  /** Set once the command line is read. */
  private begun?: ProcessContext

  /** Runs a command line; oclif's own way reads and loads more than a command needs. */
  static async runWith(
    this: new (
      argv: string[],
      config: Config,
    ) => BaseCommand,
    argv: string[],
    config: OwnConfig,
  ) {
    const command = new this(argv, config)
    try {
      return await command._run()
    } catch (error) {
      const {begun} = command
      if (begun === undefined || !wantsTrust(error)) throw error
      const {askTrust} = await import('./ask-trust.ts')
      await askTrust(begun.context, error, {json: command.jsonEnabled()})
      begun.leave()
      return new this(argv, config)._run()
    }
  }

  /** Parses the command line and builds the context. */
  protected async start<T extends typeof Command>(command: T, line = this.argv): Promise<Started<T>> {
    const {args, argv, flags} = await this.parse(ignoringInput(command), line).catch(error => {
      throw explainMissing(error, command)
    })
    this.begun = processContext(
      flags as FlagsOf<typeof BaseCommand>,
      this.config.self,
      abortOnSignals().signal,
    )
    const {context} = this.begun
    return {args, flags, context, words: argv as string[]} as Started<T>
  }

  /** Runs a hot verb whose command line was not plain, or whose result the framework shows. */
  protected async answer<T extends typeof Command>(command: T, verb: Verb): Promise<void> {
    const {context, flags, words} = await this.start(command)
    const call: Call = {context, words, flags: flags as Call['flags'], self: this.config.self}
    const shown = await verb(call)
    if (shown === undefined) throw new Error(`${command.id} left its work to nobody`)
    this.show(shown)
  }

  /** Shows a result: for people, or with --json for programs. */
  protected show(shown: Shown): void {
    present(shown, this.jsonEnabled())
  }

  /** Prints a result for people; with --json nothing, since the returned value is printed instead. */
  protected print(text: string): void {
    if (!this.jsonEnabled()) present({text}, false)
  }

  /** oclif colours JSON on a terminal; ours is the same everywhere. */
  override logJson(json: unknown): void {
    present({result: json}, true)
  }

  /** Whatever a command throws is told by bin, with --json too. */
  protected override async catch(error: Error): Promise<void> {
    throw error
  }
}

/** Words are what was typed: oclif would read one that is missing from a pipe, such as the rest of the script that calls. */
function ignoringInput<T extends typeof Command>(command: T): T {
  const args = Object.entries(command.args).map(([name, arg]) => [name, {...arg, ignoreStdin: true}] as const)
  // The framework copies what is the command's own, and asks for the rest.
  return Object.assign(Object.create(command), {args: Object.fromEntries(args), strict: command.strict})
}
