/**
 * Natural order, for any names: by numbers first, pre-releases before their release, later builds of a release
 * after it. Agrees with node-semver on what is semver, and is 0 only for equal texts.
 */
export function compareVersions(a: string, b: string): number {
  return compareKeys(keyOf(a), keyOf(b))
}

/** Things that have a version, in natural order: each version is taken apart once, if it must be at all. */
export function sortByVersion<T>(things: Iterable<T>, versionOf: (thing: T) => string): T[] {
  return Array.from(things, thing => sortable(thing, versionOf(thing)))
    .sort((a, b) => a.number - b.number || compareKeys(keyIn(a), keyIn(b)))
    .map(({thing}) => thing)
}

interface Sortable<T> {
  thing: T
  version: string
  /** Orders versions of three numbers among each other, as most are; NaN for all others. */
  number: number
  key: Key | undefined
}

function sortable<T>(thing: T, version: string): Sortable<T> {
  const plain = /^(\d{1,5})\.(\d{1,5})\.(\d{1,5})$/.exec(version)
  const number = plain ? Number(plain[1]) * 1e10 + Number(plain[2]) * 1e5 + Number(plain[3]) : Number.NaN
  return {thing, version, number, key: undefined}
}

function keyIn<T>(one: Sortable<T>): Key {
  one.key ??= keyOf(one.version)
  return one.key
}

/** Whether a version is one that nobody gets without asking for it. */
export function isPrerelease(version: string): boolean {
  return keyOf(version).stage === stages.before
}

interface Key {
  text: string
  /** Names without a number at the start come before all that have one. */
  rank: 0 | 1
  release: readonly string[]
  stage: number
  rest: readonly string[]
  build: readonly string[]
}

const stages = {before: -1, release: 0, after: 1}
const earlyWord =
  /^[._]?(?:a|alpha|b|beta|c|canary|dev|ea|experimental|insiders?|m|next|nightly|pre|preview|rc|snapshot)(?![a-z])/i

function compareKeys(a: Key, b: Key): number {
  return (
    a.rank - b.rank ||
    compareLists(a.release, b.release, compareReleaseNumbers, '0') ||
    a.stage - b.stage ||
    compareLists(a.rest, b.rest, compareIdentifiers) ||
    compareLists(a.build, b.build, compareIdentifiers) ||
    compareText(a.text, b.text)
  )
}

function keyOf(text: string): Key {
  const match = /^[vV]?(\d+(?:\.\d+)*)([^+]*)(?:\+(.*))?$/s.exec(text)
  if (!match)
    return {text, rank: 0, release: none, stage: stages.release, rest: naturalParts(text), build: none}
  const [, release = '', rest = '', build = ''] = match
  return {
    text,
    rank: 1,
    release: release.split('.'),
    ...stageOf(rest),
    build: build === '' ? none : build.split('.'),
  }
}

const none: readonly string[] = []

function stageOf(rest: string): Pick<Key, 'stage' | 'rest'> {
  if (rest === '') return {stage: stages.release, rest: none}
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
    const x = a[index] ?? padding
    const y = b[index] ?? padding
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
  const number = withoutZeros(x)
  const other = withoutZeros(y)
  return number.length - other.length || compareText(number, other)
}

/** Of a number; the test spares most of them the expression. */
function withoutZeros(number: string): string {
  return number.startsWith('0') ? number.replace(/^0+(?=\d)/, '') : number
}

function compareText(x: string, y: string): number {
  return x < y ? -1 : x > y ? 1 : 0
}
