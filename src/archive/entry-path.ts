import {unsafe} from './errors.ts'

/**
 * The steps of an entry's name below the target, without the first `strip` ones; undefined if
 * nothing is left of it. Names that mean another place on any system are refused on every system, those that only Windows
 * can't have, there.
 * @throws UserError ARCHIVE_UNSAFE
 */
export function entryPath(
  name: string,
  strip: number,
  system: NodeJS.Platform = process.platform,
): readonly string[] | undefined {
  const problem = problemOf(name, system)
  if (problem !== undefined) throw unsafe(`${problem}: ${JSON.stringify(name.slice(0, 200))}`)
  const steps = name.split('/').filter(step => step !== '' && step !== '.')
  return steps.length > strip ? steps.slice(strip) : undefined
}

/**
 * What a name is to a file system that ignores case, the form of accents, and what can't be seen: two names of one
 * spelling are one file there.
 */
export function spelling(name: string): string {
  // Upper case first: it has more names for one (ß and ss, the Kelvin sign and k).
  return name.replace(invisible, '').normalize('NFD').toUpperCase().toLowerCase().normalize('NFC')
}

/** Characters that macOS passes over when it compares names. */
const invisible = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g

/** Bytes that are no UTF-8 became this character, so that two names could become one. */
export function notInUnicode(name: string): boolean {
  return name.includes('\ufffd')
}

function problemOf(name: string, system: NodeJS.Platform): string | undefined {
  if (name.includes('\0')) return 'a name with NUL'
  if (name.includes('\\')) return 'a name with a backslash'
  if (name.startsWith('/')) return 'an absolute name'
  if (notInUnicode(name)) return 'a name that is not in UTF-8'
  const steps = name.split('/')
  if (steps.includes('..')) return 'a name with ".."'
  if (steps.some(step => /^[a-z]:/i.test(step))) return 'a name with a drive letter'
  if (steps.length > 128 || steps.some(step => Buffer.byteLength(step) > 255))
    return 'a name that is too long'
  if (system === 'win32' && steps.some(isSpecialOnWindows)) return 'a name that Windows reserves'
  return undefined
}

function isSpecialOnWindows(step: string): boolean {
  return (
    /[<>:"|?*\x01-\x1f]/.test(step) ||
    /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[\d¹²³]) *(?:\.|$)/i.test(step) ||
    /[. ]$/.test(step.replace(/^\.{1,2}$/, ''))
  )
}
