import {statSync} from 'node:fs'
import {dirname} from 'node:path'
import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {shortPath} from '../base/origin.ts'
import {type OwnedTextProblem, readOwnedText} from '../base/owned-text.ts'
import {quoteWord} from '../base/quote-word.ts'

export interface PinTextOptions {
  /** What such a file is called. */
  name?: string
  maxBytes?: number
  /** What to do about a folder of its name. */
  wayOut?: string
}

/**
 * The text of a pin file; undefined where there is none.
 * @throws UserError PIN_FILE_UNREADABLE, PIN_FILE_NOT_A_FILE, PIN_FILE_NOT_YOURS, PIN_FILE_TOO_LARGE, PIN_FILE_BINARY
 */
export function readPinText(
  path: string,
  {env, cwd}: Pick<Context, 'env' | 'cwd'>,
  {name = '.toolversion', maxBytes, wayOut = wayOutOf(name)}: PinTextOptions = {},
): string | undefined {
  const read = readOwnedText(path, env, maxBytes)
  if (read === undefined || 'text' in read) return read?.text
  const {code, what, hint} = explain(read, path, wayOut)
  throw new UserError({code, message: `${shortPath(path, cwd)} ${what}`, hint, exitCode: Exit.badPin})
}

function wayOutOf(name: string): string {
  return name === '.toolversion'
    ? 'rename it, or set TOOL_VERSION_FILE to another name for pin files'
    : 'rename it'
}

interface Problem {
  code: string
  what: string
  hint: string
}

function explain(read: OwnedTextProblem, path: string, wayOut: string): Problem {
  switch (read.problem) {
    case 'unreadable':
      return {
        code: 'PIN_FILE_UNREADABLE',
        what: `can't be read (${read.errno ?? 'unknown reason'})`,
        hint: howToRead(read.errno, path),
      }
    case 'not-a-file':
      return {
        code: 'PIN_FILE_NOT_A_FILE',
        what: `is ${read.what}, where a pin file was expected`,
        hint: wayOut,
      }
    case 'not-yours':
      return {
        code: 'PIN_FILE_NOT_YOURS',
        what: `belongs to another user (uid ${read.uid}), who could choose what you run`,
        hint: `if you trust it, make it yours: sudo chown "$(id -u)" ${quoteWord(path)}`,
      }
    case 'too-large':
      return {
        code: 'PIN_FILE_TOO_LARGE',
        what: `has ${read.bytes} bytes, which is more than a pin file can have`,
        hint: 'replace it by lines such as: typescript 5.9.3',
      }
    case 'binary':
      return {
        code: 'PIN_FILE_BINARY',
        what: 'is not UTF-8 text',
        hint: 'save it as UTF-8, with lines such as: typescript 5.9.3',
      }
  }
}

function howToRead(errno: string | undefined, path: string): string {
  if (errno === 'ELOOP') return 'it is a link that leads back to itself: remove it, or link it to a file'
  if (errno === 'ENOENT') return 'it is a link to nothing: remove it, or link it to a file'
  const owner = ownerOf(path)
  if (owner === undefined)
    return `the folder is closed to you: ask its owner, or: chmod u+x ${quoteWord(dirname(path))}`
  if (owner !== process.getuid?.())
    return `it is another user's (uid ${owner}); make it yours: sudo chown "$(id -u)" ${quoteWord(path)}`
  return `make it readable: chmod u+r ${quoteWord(path)}`
}

function ownerOf(path: string): number | undefined {
  try {
    return statSync(path).uid
  } catch {
    return undefined
  }
}
