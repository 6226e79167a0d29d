import type {Context} from '../base/context.ts'
import {Exit, type UserError} from '../base/errors.ts'
import {Interrupted} from './interrupt.ts'
import {isInteractive} from './terminal.ts'

export interface Question {
  /** What is to be known before the answer, on stderr. */
  about: string
  /** To be answered with yes or no. */
  question: string
  /** Why nothing is done where nobody can be asked. */
  refusal: UserError
}

/**
 * Asks the person on the terminal whether to go on; returns if the answer is yes.
 * @throws the refusal where there is no terminal; Interrupted after a no, or Ctrl-C
 */
export async function agree(
  {env, log, signal}: Context,
  {about, question, refusal}: Question,
  {json = false} = {},
): Promise<void> {
  if (json || !process.stdin.isTTY || !isInteractive(process.stderr, env)) throw refusal
  process.stderr.write(about)
  const {default: confirm} = await import('@inquirer/confirm')
  const yes = await confirm({message: question, default: false}, {output: process.stderr, signal}).catch(
    error => {
      // Ctrl-C, or the end of the input.
      if (error instanceof Error && /^(?:ExitPrompt|AbortPrompt|CancelPrompt)Error$/.test(error.name))
        return false
      throw error
    },
  )
  if (yes) return
  log.info('nothing was done')
  throw new Interrupted(Exit.interrupted)
}
