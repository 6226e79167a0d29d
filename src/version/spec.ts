import valid from 'semver/functions/valid.js'
import validRange from 'semver/ranges/valid.js'

/** What a person may write for a version. `text` is what was written, quotes aside. */
export type VersionSpec =
  | {kind: 'exact'; version: string; text: string}
  | {kind: 'range'; range: string; text: string}
  | {kind: 'tag'; tag: string; text: string}
  | {kind: 'system'; text: 'system'}
  | {kind: 'path'; directory: string; text: string}

/** Why a text is no version spec; the caller knows where it was written, and throws. */
export interface SpecProblem {
  kind: 'problem'
  /** `unsafe` could leave the store (`..`, `/`); everything else is a slip of the pen. */
  reason: 'unsafe' | 'invalid'
  /** Completes the sentence "the version … ". */
  message: string
  /** What to write instead. */
  hint: string
}

/** Words that can't name a toolchain, because they are version specs. */
const reservedWords = ['latest', 'next', 'lts', 'system', 'path'] as const

const pathPrefix = 'path:'

/**
 * Reads a version spec: exact (`5.9.3`, `v5.9.3`), partial (`5`, `5.9`), node-semver range, tag or channel
 * (`latest`, `lts/iron`), `system`, `path:DIR`. Names that are no semver (`1.8.0_292`) are exact versions.
 */
export function parseSpec(text: string): VersionSpec | SpecProblem {
  if (text === 'system') return {kind: 'system', text}
  if (text.startsWith(pathPrefix)) return parsePath(text)
  return findProblem(text) ?? parseVersion(text)
}

/** The text that parses to the same spec. */
export function printSpec(spec: VersionSpec): string {
  return spec.text
}

/** Whether a text can only be a version spec, so that no name has to stand before it. */
export function looksLikeSpec(text: string): boolean {
  return /^(?:v?\d|[\^~<>=*"]|path:)/.test(text) || reservedWords.some(word => word === text)
}

function parsePath(text: string): VersionSpec | SpecProblem {
  const directory = text.slice(pathPrefix.length)
  if (directory === '') return invalid('names no folder', 'write path:DIR, such as path:../compiler/dist')
  if (/[\0\r\n]/.test(directory)) return invalid('has a control character', 'write the folder without it')
  return {kind: 'path', directory, text}
}

function findProblem(text: string): SpecProblem | undefined {
  if (text.trim() === '') return invalid('is empty', 'write a version, such as 5.9.3 or latest')
  if (text !== text.trim())
    return invalid('begins or ends with a blank', `write ${JSON.stringify(text.trim())}`)
  if (/[\u0000-\u001f\u007f]/.test(text)) return invalid('has a control character', 'write it without')
  if (text === 'path') return invalid('names no folder', 'write path:DIR, such as path:../compiler/dist')
  if (text.includes('..') || (/[/\\]/.test(text) && !channel.test(text))) {
    return {
      kind: 'problem',
      reason: 'unsafe',
      message: 'has “..” or a slash in it, which no version may have',
      hint: 'write the version alone; for a folder, write path:DIR',
    }
  }
  return undefined
}

/** nvm's names for Node's long-term lines: the only ones that have a slash. */
const channel = /^lts\/(?:\*|-\d+|[a-z][a-z0-9]*)$/

/** What nearly everybody writes, known at sight: semver's own parser takes milliseconds to load. */
const plainVersion = /^(?:0|[1-9]\d{0,8})(?:\.(?:0|[1-9]\d{0,8})){2}$/
const plainRange = /^[~^]?(?:0|[1-9]\d{0,8})(?:\.(?:0|[1-9]\d{0,8})){0,2}$/

function parseVersion(text: string): VersionSpec | SpecProblem {
  if (plainVersion.test(text)) return {kind: 'exact', version: text, text}
  if (plainRange.test(text)) return {kind: 'range', range: text, text}
  const bare = text.replace(/^v(?=\d)/, '')
  if (valid(bare) !== null && bare === bare.trim() && /^\d/.test(bare))
    return {kind: 'exact', version: bare, text}
  if (validRange(text) !== null) return {kind: 'range', range: text, text}
  if (channel.test(text)) return {kind: 'tag', tag: text, text}
  if (!/^[A-Za-z0-9][A-Za-z0-9._+~-]*$/.test(text)) return notUnderstood(text)
  return /^\d/.test(bare) ? {kind: 'exact', version: bare, text} : {kind: 'tag', tag: text, text}
}

function notUnderstood(text: string): SpecProblem {
  if (/[#]/.test(text)) return invalid('is not understood', 'put a blank before the # of a comment')
  if (text.includes('@')) return invalid('is not understood', 'write one toolchain a line')
  if (/^'|'$/.test(text)) return invalid('is not understood', 'quote ranges with ", not with \'')
  return invalid(
    'is not understood',
    'write a version, a range such as ^5.9 or ">=5.8 <6", or a tag such as latest',
  )
}

function invalid(message: string, hint: string): SpecProblem {
  return {kind: 'problem', reason: 'invalid', message, hint}
}
