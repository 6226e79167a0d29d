import fc from 'fast-check'

const number = fc.oneof(fc.nat(3), fc.nat(40), fc.constant(999_999))
const identifier = fc.oneof(
  fc.constantFrom('alpha', 'beta', 'rc', 'rc10', 'rc2', 'dev', 'x', 'X1', '0a', 'a-b', '--'),
  number.map(String),
)
const release = fc.tuple(number, number, number).map(numbers => numbers.join('.'))
const suffix = (sign: string, odds: number) =>
  fc
    .option(fc.array(identifier, {minLength: 1, maxLength: 3}), {freq: odds, nil: undefined})
    .map(parts => (parts === undefined ? '' : `${sign}${parts.join('.')}`))

/** Versions that node-semver accepts. */
export const semvers = fc.tuple(release, suffix('-', 2), suffix('+', 1)).map(parts => parts.join(''))

const partial = fc.oneof(
  semvers,
  number.map(String),
  fc.tuple(number, number).map(numbers => numbers.join('.')),
  number.map(major => `${major}.x`),
)
const comparator = fc
  .tuple(fc.constantFrom('', '^', '~', '>', '>=', '<', '<=', '=', 'v'), partial)
  .map(([sign, version]) => `${sign}${version}`)

/** Ranges that node-semver accepts. */
export const ranges = fc.oneof(
  comparator,
  fc.constantFrom('*', 'x'),
  fc.tuple(comparator, comparator).map(parts => parts.join(' ')),
  fc.tuple(partial, partial).map(parts => parts.join(' - ')),
  fc.tuple(comparator, comparator).map(parts => parts.join(' || ')),
)
