/** Exit codes of the command `tool` (documented in docs/errors.md). */
export const Exit = {
  ok: 0,
  compileErrors: 1,
  usage: 2,
  badPin: 3,
  noSuchVersion: 4,
  network: 5,
  integrity: 6,
  notInstalled: 7,
  workerFailed: 8,
  bug: 70,
  outdated: 100,
  notExecutable: 126,
  commandNotFound: 127,
  interrupted: 130,
} as const

export type ExitCode = (typeof Exit)[keyof typeof Exit]

export interface UserErrorOptions {
  /** SCREAMING_SNAKE name of the mistake, stable across releases, listed in docs/errors.md. */
  code: string
  /** What is wrong and, where a value caused it, what set that value. One line, no final stop. */
  message: string
  /** What to do next, as a command or a sentence. */
  hint?: string | undefined
  exitCode: ExitCode
  cause?: unknown
}

/**
 * A mistake or a misfortune that is no bug of ours: bad input, a dead network, a missing version.
 * It is printed as one message without a stack; every other Error counts as a bug (exit 70).
 */
export class UserError extends Error {
  readonly code: string
  readonly hint: string | undefined
  readonly exitCode: ExitCode

  constructor({code, message, hint, exitCode, cause}: UserErrorOptions) {
    super(redact(message), cause === undefined ? undefined : {cause})
    this.name = 'UserError'
    this.code = code
    this.hint = hint === undefined ? undefined : redact(hint)
    this.exitCode = exitCode
  }
}

/** Whether something thrown is that mistake. */
export function isUserError(error: unknown, code: string): error is UserError {
  return error instanceof UserError && error.code === code
}

/** Replaces user names, passwords and tokens in the URLs of a text by `***`. */
export function redact(text: string): string {
  return text
    .replace(/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/?#]+@/gi, '$1***@')
    .replace(/([?&](?:[^=&\s]*(?:token|auth|key|secret|password|signature)[^=&\s]*)=)[^&\s]+/gi, '$1***')
}

/** A URL as it may be kept on disk: without user name and password, its tokens replaced by `***`. */
export function withoutCredentials(url: string): string {
  if (!URL.canParse(url)) return redact(url)
  const bare = new URL(url)
  bare.username = ''
  bare.password = ''
  return redact(bare.href)
}

/** Node's error code (`ENOENT`, `ECONNREFUSED`, …) of an unknown thrown value, if it has one. */
export function errnoOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** The message of an unknown thrown value. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
