import {Args, Flags} from '@oclif/core'

/** `--no-install`, for commands that install what is missing. */
export const installFlag = Flags.boolean({
  allowNo: true,
  default: true,
  summary: 'Install a pinned version that is missing first.',
})

/** The toolchain that a command is narrowed to. */
export const toolchainArgument = Args.string({description: 'only this one of the pinned toolchains'})
