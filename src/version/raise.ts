import {compareVersions} from './compare.ts'
import {parseSpec, type VersionSpec} from './spec.ts'

/** A sign, and a version of up to three parts: the ranges that people write most. */
const simple = /^(\^|~|>=|=|)(\s*v?)(\d+)(?:\.(\d+|[xX*]))?(?:\.(\d+|[xX*]))?(-[0-9A-Za-z.-]+)?$/

/**
 * The spec that asks for a newer version in the way this one asks for its own: `5.8.2` → `5.9.3`, `^5.8` → `^5.9`,
 * `~5.8.1` → `~5.9.3`, `5.x` → `6.x`. Undefined for one that stays: a tag, a range of several parts, or one that is
 * there already, or above.
 */
export function raised(spec: VersionSpec, newest: string): VersionSpec | undefined {
  const text = spec.kind === 'exact' ? raisedExact(spec, newest) : raisedRange(spec, newest)
  if (text === undefined || text === spec.text) return undefined
  const next = parseSpec(text)
  return next.kind === spec.kind ? next : undefined
}

function raisedExact({version, text}: VersionSpec & {kind: 'exact'}, newest: string): string | undefined {
  if (compareVersions(newest, version) <= 0) return undefined
  return `${/^v(?=\d)/.test(text) ? 'v' : ''}${newest}`
}

function raisedRange(spec: VersionSpec, newest: string): string | undefined {
  const match = spec.kind === 'range' ? simple.exec(spec.text) : null
  const numbers = /^\d+\.\d+\.\d+/.exec(newest)?.[0].split('.')
  if (match === null || numbers === undefined) return undefined
  const [, sign = '', mark = '', major = '', ...rest] = match
  const [minor, patch, early = ''] = rest
  const parts = [major, minor, patch].filter(part => part !== undefined)
  const floor = parts.map(part => (/\d/.test(part) ? part : '0'))
  while (floor.length < 3) floor.push('0')
  if (compareVersions(newest, `${floor.join('.')}${early}`) <= 0) return undefined
  // Who wrote all three numbers means a version, which may have more behind them.
  const isWhole = parts.length === 3 && parts.every(part => /\d/.test(part))
  const next = isWhole ? newest : parts.map((part, at) => (/\d/.test(part) ? numbers[at] : part)).join('.')
  return `${sign}${mark}${next}`
}
