import type {BaseCommand} from '../src/cli/base-command.ts'
import type {CommandLines} from '../src/cli/command-line.ts'
import {endWithPipe} from '../src/cli/end-with-pipe.ts'
import {fail} from '../src/cli/fail.ts'
import {ownWords} from '../src/cli/own-words.ts'
import {runCommand} from '../src/cli/run-command.ts'
import type {Self} from '../src/cli/self.ts'

// The bundler puts it in.
declare const COMMAND_LINES: CommandLines

/** Runs one command line with the command framework. */
export async function main(argv: readonly string[], self: Self): Promise<void> {
  endWithPipe()
  try {
    await runCommand(argv, COMMAND_LINES, load, self)
  } catch (error) {
    fail(error, {json: ownWords(argv, COMMAND_LINES).own.includes('--json')})
  }
}

async function load(id: string): Promise<typeof BaseCommand> {
  const [name, sub] = id.split(':')
  // The bundler finds every command by these patterns, and makes a file of each.
  const module =
    sub === undefined ? await import(`../commands/${name}.ts`) : await import(`../commands/${name}/${sub}.ts`)
  return module.default
}
