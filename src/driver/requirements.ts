import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {Exit, UserError} from '../base/errors.ts'
import type {BuildDefinition} from '../model/definition.ts'
import type {WorkerMode} from '../model/protocol.ts'

export interface Requirements {
  toolchain: string
  mode: WorkerMode
  command: Pick<BuildDefinition, 'needsArguments' | 'exampleArguments' | 'inputs'>
  /** From tool.json and the command line. */
  args: readonly string[]
  root: string
}

/**
 * Checks that a compiler is given something to do.
 * @throws UserError BUILD_NEEDS_ARGUMENTS, SERVE_NEEDS_ARGUMENTS, WATCH_NEEDS_ARGUMENTS, BUILD_INPUT_MISSING, SERVE_INPUT_MISSING, WATCH_INPUT_MISSING
 */
export function checkRequirements(requirements: Requirements): void {
  const {toolchain, mode, command, args, root} = requirements
  if (args.length === 0 && command.needsArguments) {
    throw new UserError({
      code: codes[mode].arguments,
      message: `${toolchain} needs arguments to ${mode}, and neither ${join(root, 'tool.json')} nor the command line gives any`,
      hint: `${existsSync(join(root, 'tool.json')) ? 'add to tool.json' : 'write tool.json, with'} the arguments of your project: ${exampleConfig(mode, toolchain, command.exampleArguments)}`,
      exitCode: Exit.usage,
    })
  }
  const missing = missingInput(requirements)
  if (missing) throw missing
}

/** What is wrong where none of the files is there that a compiler works on by itself, at the moment. */
export function missingInput({toolchain, mode, command, args, root}: Requirements): UserError | undefined {
  const {inputs = []} = command
  const isThere = inputs.length === 0 || inputs.some(input => existsSync(join(root, input)))
  if (args.length > 0 || isThere) return undefined
  return new UserError({
    code: codes[mode].input,
    message: `${toolchain} finds nothing to ${mode}: there is no ${inputs.join(', no ')} in ${root}`,
    hint: `create ${inputs[0]}, or say what to ${mode}: tool ${mode} ${toolchain} -- FILE…`,
    exitCode: Exit.usage,
  })
}

const codes = {
  build: {arguments: 'BUILD_NEEDS_ARGUMENTS', input: 'BUILD_INPUT_MISSING'},
  watch: {arguments: 'WATCH_NEEDS_ARGUMENTS', input: 'WATCH_INPUT_MISSING'},
  serve: {arguments: 'SERVE_NEEDS_ARGUMENTS', input: 'SERVE_INPUT_MISSING'},
} as const

/** What is written for a build counts for watching too. */
function exampleConfig(mode: WorkerMode, toolchain: string, args = ['ARGUMENT', '…']): string {
  return JSON.stringify({[mode === 'watch' ? 'build' : mode]: {[toolchain]: {args}}})
}
