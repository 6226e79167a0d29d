/**
 * Natural order, for any names: by numbers first, pre-releases before their release, later builds of a release
 * after it. Agrees with node-semver on what is semver, and is 0 only for equal texts.
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [keyOf(a), keyOf(b)]
  return (
    left.rank - right.rank ||
    compareLists(left.release, right.release, compareReleaseNumbers, '0') ||
    left.stage - right.stage ||
    compareLists(left.rest, right.rest, compareIdentifiers) ||
    compareLists(left.build, right.build, compareIdentifiers) ||
    compareText(a, b)
  )
}

/** Whether a version is one that nobody gets without asking for it. */
export function isPrerelease(version: string): boolean {
  return keyOf(version).stage === stages.before
}

interface Key {
  /** Names without a number at the start come before all that have one. */
  rank: 0 | 1
  release: string[]
  stage: number
  rest: string[]
  build: string[]
}

const stages = {before: -1, release: 0, after: 1}
const earlyWord =
  /^[._]?(?:a|alpha|b|beta|c|canary|dev|ea|experimental|insiders?|m|next|nightly|pre|preview|rc|snapshot)(?![a-z])/i

function keyOf(version: string): Key {
  const match = /^[vV]?(\d+(?:\.\d+)*)([^+]*)(?:\+(.*))?$/s.exec(version)
  if (!match) return {rank: 0, release: [], stage: stages.release, rest: naturalParts(version), build: []}
  const [, release = '', rest = '', build = ''] = match
  return {
    rank: 1,
    release: release.split('.'),
    ...stageOf(rest),
    build: build === '' ? [] : build.split('.'),
  }
}

function stageOf(rest: string): Pick<Key, 'stage' | 'rest'> {
  if (rest === '') return {stage: stages.release, rest: []}
  // After a hyphen the rules are semver's, which compares `rc10` and `rc2` as text.
  if (rest.startsWith('-')) return {stage: stages.before, rest: rest.slice(1).split('.')}
  return {stage: earlyWord.test(rest) ? stages.before : stages.after, rest: naturalParts(rest)}
}

function naturalParts(text: string): string[] {
  return text.match(/\d+|[^\d._-]+/g) ?? []
}

function compareLists(
  a: readonly string[],
  b: readonly string[],
  compare: (x: string, y: string) => number,
  padding?: string,
): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const [x = padding, y = padding] = [a[index], b[index]]
    if (x === undefined) return -1
    if (y === undefined) return 1
    const order = compare(x, y)
    if (order !== 0) return order
  }
  return 0
}

/** Numbers before words; numbers by size, however long; words as text. */
function compareIdentifiers(x: string, y: string): number {
  const [xIsNumber, yIsNumber] = [/^\d+$/.test(x), /^\d+$/.test(y)]
  if (xIsNumber && yIsNumber) return compareReleaseNumbers(x, y)
  if (xIsNumber !== yIsNumber) return xIsNumber ? -1 : 1
  return compareText(x, y)
}

function compareReleaseNumbers(x: string, y: string): number {
  const [long, other] = [x.replace(/^0+(?=\d)/, ''), y.replace(/^0+(?=\d)/, '')]
  return long.length - other.length || compareText(long, other)
}

function compareText(x: string, y: string): number {
  return x < y ? -1 : x > y ? 1 : 0
}
