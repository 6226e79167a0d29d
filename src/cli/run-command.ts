import type {Config} from '@oclif/core'
import type {BaseCommand, OwnConfig} from './base-command.ts'
import type {CommandLines} from './command-line.ts'
import {moveLeadingFlags} from './leading-flags.ts'
import type {Self} from './self.ts'
import {unknownCommand} from './unknown-command.ts'

/** Loads the class of a command by its id. */
export type LoadCommand = (id: string) => Promise<typeof BaseCommand>

/**
 * Runs one command line with the command framework.
 * @throws UserError UNKNOWN_COMMAND, and whatever the command throws
 */
export async function runCommand(
  argv: readonly string[],
  lines: CommandLines,
  load: LoadCommand,
  self: Self,
): Promise<void> {
  const [word = '', ...rest] = moveLeadingFlags(argv)
  const nested = `${word}:${rest[0]}`
  const isNested = Object.hasOwn(lines, nested)
  const id = isNested ? nested : word
  if (!Object.hasOwn(lines, id)) throw unknownCommand(word, lines, rest[0])
  const Command = await load(id)
  Command.id = id
  const runnable = Command as typeof Command & (new (argv: string[], config: Config) => BaseCommand)
  await runnable.runWith(isNested ? rest.slice(1) : rest, configOf(self))
}

/** What a command asks of oclif's configuration: reading the rest from disk takes longer than most commands. */
function configOf(self: Self): OwnConfig {
  const {packageRoot: root, release: version} = self
  const config = {
    root,
    version,
    bin: 'tool',
    dirname: 'tool',
    name: 'toolversion',
    userAgent: `tool/${version}`,
    // With any other, oclif looks for the command in the words again.
    topicSeparator: ':',
    self,
    // Neither plugins nor hooks exist here, and no variables of oclif's own making.
    runHook: async () => ({successes: [], failures: []}),
    scopedEnvVar: () => undefined,
    scopedEnvVarKeys: () => [],
  } satisfies Partial<OwnConfig>
  return config as Partial<OwnConfig> as OwnConfig
}
