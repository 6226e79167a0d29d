import {Args, Errors, Flags} from '@oclif/core'

/** `--no-install`, for commands that install what is missing. */
export const installFlag = Flags.boolean({
  allowNo: true,
  default: true,
  summary: 'Install a pinned version that is missing first; on unless told otherwise.',
})

/** `--frozen`, for commands that install or run what is pinned. */
export const frozenFlag = Flags.boolean({
  summary: 'Install and run only what the lock file names, and write nothing (as TOOL_FROZEN=1).',
})

/** `-t NAME`, for commands that speak of the default toolchain otherwise. */
export const toolchainFlag = Flags.string({
  char: 't',
  helpValue: 'NAME',
  summary: 'The toolchain that is meant where none is named, instead of the default one.',
})

/** `-t NAME`, for commands that are narrowed to toolchains by words: the same as a word. */
export const narrowingFlag = Flags.string({
  char: 't',
  helpValue: 'NAME',
  summary: 'Only this one of the pinned toolchains, as if it were named as a word.',
})

/** The toolchains that a command is narrowed to. */
export function narrowedTo(words: readonly string[], flag: string | undefined): string[] {
  return [...new Set(flag === undefined ? words : [...words, flag])]
}

/** @throws Error, told as a usage error, if a shell variable that should have had a value had none */
export function nonEmpty(text: string): string {
  if (text.trim() === '') throw new Errors.CLIError('Expected a value, but it is empty')
  return text
}

/** The toolchain that a command is narrowed to. */
export const toolchainArgument = Args.string({description: 'only this one of the pinned toolchains'})
