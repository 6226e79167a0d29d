import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import type {Context} from '../base/context.ts'
import {errnoOf, messageOf} from '../base/errors.ts'

/** Finds the `authorization` header for a host, by its name without a port. */
export type Netrc = (hostname: string) => string | undefined

/**
 * Reads the names and passwords of `$NETRC`, else `~/.netrc`. Its `default` does not count: it is meant for anonymous FTP,
 * and would go to every server there is.
 */
export function readNetrc({env, userHome, log}: Context): Netrc {
  const path = env.NETRC || join(userHome, process.platform === 'win32' ? '_netrc' : '.netrc')
  const machines = parse(readIfAny(path, log))
  return hostname => {
    const found = machines.find(({name}) => name === hostname)
    if (found?.login === undefined) return undefined
    return `Basic ${Buffer.from(`${found.login}:${found.password ?? ''}`).toString('base64')}`
  }
}

function readIfAny(path: string, log: Context['log']): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') log.debug(`${path} is not read: ${messageOf(error)}`)
    return ''
  }
}

interface Machine {
  name: string
  login?: string
  password?: string
}

/** Words, in quotes or not, on as many lines as one likes. What makes no sense is passed over. */
function parse(text: string): Machine[] {
  const machines: Machine[] = []
  const words = wordsIn(text)
  let current: Machine = {name: ''}
  for (let word = words.next(); !word.done; word = words.next()) {
    const value = () => words.next().value ?? ''
    switch (word.value) {
      case 'machine':
        current = {name: value().toLowerCase()}
        machines.push(current)
        break
      case 'default':
        current = {name: ''}
        break
      case 'login':
        current.login = value()
        break
      case 'password':
        current.password = value()
        break
      case 'account':
        value()
        break
    }
  }
  return machines
}

function* wordsIn(text: string): Generator<string, undefined> {
  for (const block of text.replace(/^\uFEFF/, '').split(/\n[ \t\r]*\n/)) {
    // A macro goes on to the next empty line.
    for (const line of block.replace(/^\s*macdef\b[\s\S]*/m, '').split('\n')) {
      if (/^\s*#/.test(line)) continue
      for (const [, quoted, bare] of line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g))
        yield bare ?? (quoted ?? '').replace(/\\(.)/g, '$1')
    }
  }
  return undefined
}
