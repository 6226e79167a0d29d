import {isUtf8} from 'node:buffer'
import {closeSync, constants, fstatSync, lstatSync, openSync, readSync} from 'node:fs'
import type {Environment} from './context.ts'
import {errnoOf} from './errors.ts'

/** Why a file that someone may have put in our way is not read. */
export type OwnedTextProblem =
  | {problem: 'unreadable'; errno: string | undefined}
  | {problem: 'not-a-file'; what: string}
  | {problem: 'not-yours'; uid: number}
  | {problem: 'too-large'; bytes: number}
  | {problem: 'binary'}

export type OwnedText = {text: string} | OwnedTextProblem

/** What a file that a person writes by hand may have, in bytes. */
const handwritten = 64 * 1024

/**
 * Reads a text file that acts on what we do, if the user or root owns it; undefined where there is none. Never waits on
 * a pipe, never reads more than `maxBytes`, and keeps a byte order mark.
 */
export function readOwnedText(path: string, env: Environment, maxBytes = handwritten): OwnedText | undefined {
  let file: number
  try {
    // Asked first, since most files that are looked for are not there, and an error takes longer than all the rest. A
    // link to nothing is there: someone meant something to be read.
    if (lstatSync(path, {throwIfNoEntry: false}) === undefined) return undefined
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  } catch (error) {
    const errno = errnoOf(error)
    return errno === 'ENOTDIR' ? undefined : {problem: 'unreadable', errno}
  }
  try {
    return readOpened(file, env, maxBytes)
  } catch (error) {
    return {problem: 'unreadable', errno: errnoOf(error)}
  } finally {
    closeSync(file)
  }
}

function readOpened(file: number, env: Environment, maxBytes: number): OwnedText {
  const stats = fstatSync(file)
  if (!stats.isFile())
    return {problem: 'not-a-file', what: stats.isDirectory() ? 'a folder' : 'no regular file'}
  if (!isOwn(stats.uid, env)) return {problem: 'not-yours', uid: stats.uid}
  if (stats.size > maxBytes) return {problem: 'too-large', bytes: stats.size}
  const bytes = Buffer.alloc(stats.size)
  let length = 0
  for (let read = -1; read !== 0 && length < bytes.length; length += read) {
    read = readSync(file, bytes, length, bytes.length - length, null)
  }
  const content = bytes.subarray(0, length)
  return content.includes(0) || !isUtf8(content) ? {problem: 'binary'} : {text: content.toString('utf8')}
}

/** The user's own files and root's; under sudo also those of the person who called it. */
export function isOwn(owner: number, env: Environment): boolean {
  const user = process.getuid?.()
  if (user === undefined || owner === user || owner === 0) return true
  return user === 0 && env.SUDO_UID === String(owner)
}
