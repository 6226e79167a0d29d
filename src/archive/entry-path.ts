import {unsafe} from './errors.ts'

/**
 * The steps of an entry's name below the target, without the first `strip` ones; undefined if
 * nothing is left of it. Names that mean another place on any system are refused on every system.
 * @throws UserError ARCHIVE_UNSAFE
 */
export function entryPath(name: string, strip: number): readonly string[] | undefined {
  const problem = problemOf(name)
  if (problem !== undefined) throw unsafe(`${problem}: ${JSON.stringify(name.slice(0, 200))}`)
  const steps = name.split('/').filter(step => step !== '' && step !== '.')
  return steps.length > strip ? steps.slice(strip) : undefined
}

function problemOf(name: string): string | undefined {
  if (name.includes('\0')) return 'a name with NUL'
  if (name.includes('\\')) return 'a name with a backslash'
  if (name.startsWith('/')) return 'an absolute name'
  const steps = name.split('/')
  if (steps.includes('..')) return 'a name with ".."'
  if (steps.some(step => /^[a-z]:/i.test(step))) return 'a name with a drive letter'
  if (steps.length > 128 || steps.some(step => Buffer.byteLength(step) > 255))
    return 'a name that is too long'
  if (process.platform === 'win32' && steps.some(isSpecialOnWindows)) return 'a name that Windows reserves'
  return undefined
}

function isSpecialOnWindows(step: string): boolean {
  return (
    /[<>:"|?*\x01-\x1f]/.test(step) ||
    /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(step) ||
    /[. ]$/.test(step.replace(/^\.{1,2}$/, ''))
  )
}
