import {chownSync, mkdirSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {checkOf} from '../../src/pin/lock-check.ts'
import {lockPath, lockPathOf, readLock} from '../../src/pin/lock-file.ts'
import {artifactFor, type LockEntry} from '../../src/pin/lock-types.ts'
import {parseLockText} from '../../src/pin/parse-lock.ts'
import {printLock} from '../../src/pin/print-lock.ts'
import {isToolchainName} from '../../src/toolchain/name.ts'
import {sandbox} from '../support/sandbox.ts'

const digest = (letter: string) => `sha512-${letter.repeat(86)}==`
const parse = (text: string) => parseLockText(text, '/app/.toolversion.lock', '/')

/** What an entry says, without where it stands. */
const plain = ({toolchain, spec, version, artifacts}: LockEntry) => ({
  toolchain,
  spec,
  version,
  artifacts: Object.fromEntries(artifacts),
})

function entry(toolchain: string, spec: string, version: string, platforms: string[]): LockEntry {
  const url = `https://registry.npmjs.org/${toolchain}/-/${toolchain}-${version}.tgz`
  const artifacts = new Map(platforms.map((name, at) => [name, {integrity: digest('AB'[at % 2] ?? ''), url}]))
  return {toolchain, spec, version, artifacts, line: 0}
}

test('a line an entry, under it a line a platform', () => {
  const {entries, end} = parse(
    `typescript ^5.9 5.9.3\n  any ${digest('A')} 4567 https://registry.npmjs.org/typescript/-/typescript-5.9.3.tgz\n`,
  )
  expect(end).toBe('\n')
  expect(entries).toMatchObject([{toolchain: 'typescript', spec: '^5.9', version: '5.9.3', line: 1}])
  const [first] = entries
  expect(first && artifactFor(first, 'linux-x64')).toEqual({
    integrity: digest('A'),
    size: 4567,
    url: 'https://registry.npmjs.org/typescript/-/typescript-5.9.3.tgz',
  })
})

test('a platform has its own archive before the one for all', () => {
  const {entries} = parse(`ore 1 1.0.0\n  any ${digest('A')} - x\n  linux-x64 ${digest('B')} - y\n`)
  const [ore] = entries
  expect(ore && [artifactFor(ore, 'linux-x64')?.url, artifactFor(ore, 'darwin-arm64')?.url]).toEqual([
    'y',
    'x',
  ])
})

test('specs with blanks are quoted, as in pin files', () => {
  const {entries} = parse(`esbuild ">=0.27 <0.29" 0.28.2\n  linux-x64 ${digest('A')} - x\n`)
  expect(entries).toMatchObject([{spec: '>=0.27 <0.29', version: '0.28.2'}])
  expect(printLock([entry('esbuild', '>=0.27 <0.29', '0.28.2', ['any'])])).toMatch(
    /^esbuild ">=0\.27 <0\.29" 0\.28\.2 [0-9a-f]{16}\n {2}any /,
  )
})

test('comments, blank lines, a byte order mark, CRLF and tabs are no matter', () => {
  const text = `\uFEFF# ours\r\n\r\ntypescript ^5.9 5.9.3\r\n\tany ${digest('A')} - x\r\n  # more\r\n`
  expect(parse(text)).toMatchObject({end: '\r\n', entries: [{version: '5.9.3', line: 3}]})
  expect(parse('').entries).toEqual([])
})

test('words that a later release may add are passed over, and kept', () => {
  const text = `ore 1 1.0.0 signed\n  any ${digest('A')} 12 x sigstore=y\n`
  const {entries} = parse(text)
  expect(entries.map(plain)).toEqual([
    {
      toolchain: 'ore',
      spec: '1',
      version: '1.0.0',
      artifacts: {any: {integrity: digest('A'), size: 12, url: 'x'}},
    },
  ])
  expect(printLock(entries)).toBe(text.replace('1.0.0', `1.0.0 ${checkOf(entries[0] as LockEntry)}`))
})

describe('what is wrong is told with its line', () => {
  const any = `  any ${digest('A')} - x\n`
  const cases: [text: string, line: number, message: RegExp][] = [
    ['typescript ^5.9\n', 1, /a toolchain, a spec and a version/],
    [`ore 1 1.0.0\n${any}typescript\n`, 3, /a toolchain, a spec and a version/],
    ['Type_Script 5 5.0.0\n', 1, /"Type_Script" is no name of a toolchain/],
    ['typescript ../5 5.0.0\n', 1, /no version spec/],
    ['typescript 5 ../../x\n', 1, /"..\/..\/x" is no exact version/],
    ['typescript 5 5..0\n', 1, /no exact version/],
    ['typescript "5 5.0.0\n', 1, /quote/],
    [any, 1, /belongs under/],
    ['ore 1 1.0.0\n  any\n', 2, /its name, a digest, a size and an address/],
    ['ore 1 1.0.0\n  any md5-abc - x\n', 2, /"md5-abc" is no digest/],
    [`ore 1 1.0.0\n  any ${digest('A')} many x\n`, 2, /"many" is no size/],
    [`ore 1 1.0.0\n  a/b ${digest('A')} - x\n`, 2, /"a\/b" is no name of a platform/],
    [`ore 1 1.0.0\n${any}${any}`, 3, /has any twice/],
    [`ore 1 1.0.0\n${any}ore 1 1.1.0\n`, 3, /is 1\.0\.0 in line 1, and 1\.1\.0 here/],
  ]
  test.each(cases)('%j', (text, line, message) => {
    expect(() => parse(text)).toThrow(
      expect.objectContaining({
        code: 'LOCK_INVALID',
        exitCode: 3,
        message: expect.stringMatching(message),
        hint: expect.stringMatching(/tool lock/),
      }),
    )
    expect(() => parse(text)).toThrow(`app/.toolversion.lock:${line})`)
  })

  test.each(['<<<<<<< HEAD', '=======', '>>>>>>> theirs', '||||||| base'])('a merge conflict: %s', mark => {
    expect(() => parse(`ore 1 1.0.0\n${any}${mark}\nsass 1 1.0.0\n`)).toThrow(
      expect.objectContaining({
        code: 'LOCK_INVALID',
        message: expect.stringMatching(/merge conflict.*app\/\.toolversion\.lock:3/),
        hint: expect.stringContaining('git checkout --ours .toolversion.lock && tool lock'),
      }),
    )
  })
})

describe('printing', () => {
  test('is sorted, whatever the order of what is printed', () => {
    const entries = [
      entry('typescript', '~5.8', '5.8.3', ['any']),
      entry('esbuild', '^0.28', '0.28.2', ['win32-x64', 'aix-ppc64', 'linux-x64']),
      entry('typescript', '^5.9', '5.9.3', ['any']),
    ]
    const text = printLock(entries)
    expect(printLock(entries.toReversed())).toBe(text)
    expect(
      text.split('\n').map(line => line.replace(/ sha512.*/, '').replace(/ [0-9a-f]{16}$/, ' CHECK')),
    ).toEqual([
      'esbuild ^0.28 0.28.2 CHECK',
      'typescript ^5.9 5.9.3 CHECK',
      'typescript ~5.8 5.8.3 CHECK',
      '',
      'esbuild ^0.28 0.28.2 CHECK',
      '  aix-ppc64',
      '  linux-x64',
      '  win32-x64',
      'typescript ^5.9 5.9.3 CHECK',
      '  any',
      'typescript ~5.8 5.8.3 CHECK',
      '  any',
      '',
    ])
  })

  test('one entry has all of its platforms under one line', () => {
    const text = printLock([entry('esbuild', '^0.28', '0.28.2', ['aix-ppc64', 'linux-x64', 'linux-arm64'])])
    expect(
      text.split('\n').map(line => line.replace(/ sha512.*/, '').replace(/ [0-9a-f]{16}$/, ' CHECK')),
    ).toEqual(['esbuild ^0.28 0.28.2 CHECK', '  aix-ppc64', '  linux-arm64', '  linux-x64', ''])
  })

  test('leaves what was read as it was, and keeps the ends of lines', () => {
    const text = `sass 1 1.2.3   new\n\tany  ${digest('A')} 7 x  y\n`
    const {entries} = parse(text)
    const printed = printLock([...entries, entry('ore', '1', '1.0.0', ['any'])], '\r\n')
    expect(printed).toContain(
      `sass 1 1.2.3 ${checkOf(entries[0] as LockEntry)}   new\r\n\tany  ${digest('A')} 7 x  y\r\n`,
    )
    expect(printed.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
  })

  const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/).filter(isToolchainName)
  const artifact = fc.record({
    integrity: fc.constantFrom(digest('A'), digest('B'), 'sha1-AAAAAAAAAAAAAAAAAAAAAAAAAAA='),
    url: fc.webUrl(),
    size: fc.option(fc.nat(), {nil: undefined}),
  })
  const platforms = fc.dictionary(
    fc.constantFrom('any', 'linux-x64', 'linux-arm64', 'darwin-arm64', 'win32-x64'),
    artifact,
  )
  const arbitrary = fc.record({
    toolchain: word,
    spec: fc.constantFrom('5', '^5.9', '5.9.3', 'latest', '>=1 <2', '<2', 'lts/iron', '1 || 2'),
    version: fc.constantFrom('5.9.3', '1.0.0-rc.1', '2026.1', '1.8.0_292'),
    platforms,
  })
  test('and reading again gives the same', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(arbitrary, {selector: ({toolchain, spec}) => `${toolchain} ${spec}`, maxLength: 6}),
        fc.constantFrom('\n', '\r\n'),
        (all, end) => {
          const entries = all.map(({platforms: own, ...one}): LockEntry => {
            const artifacts = Object.entries(own).map(
              ([name, {size, ...rest}]) => [name, {...rest, ...(size !== undefined && {size})}] as const,
            )
            return {...one, artifacts: new Map(artifacts), line: 0}
          })
          const text = printLock(entries, end)
          const read = parse(text)
          const bySpec = (list: readonly LockEntry[]) =>
            list.map(plain).sort((a, b) => (`${a.toolchain} ${a.spec}` < `${b.toolchain} ${b.spec}` ? -1 : 1))
          expect(bySpec(read.entries)).toEqual(bySpec(entries))
          expect(printLock(read.entries, read.end)).toBe(entries.length > 0 ? text : '')
        },
      ),
    )
  })
})

describe('the file', () => {
  test('stands beside the pin file, and is called after it', async () => {
    await using box = sandbox()
    expect(lockPath('/app', box.context)).toBe('/app/.toolversion.lock')
    expect(lockPath('/app', box.at({env: {TOOL_VERSION_FILE: '.pins'}}))).toBe('/app/.pins.lock')
    const at = (path: string) => lockPathOf({origin: {kind: 'file', path, line: 1}}, box.context)
    expect(at('/app/.nvmrc')).toBe('/app/.toolversion.lock')
    expect(at(box.context.layout.globalPins)).toBeUndefined()
    expect(lockPathOf({origin: {kind: 'variable', name: 'TOOL_VERSION'}}, box.context)).toBeUndefined()
  })

  test('that is not there locks nothing', async () => {
    await using box = sandbox()
    expect(readLock(join(box.project, '.toolversion.lock'), box.context)).toBeUndefined()
  })

  const bad: [what: string, make: (path: string) => void, message: RegExp][] = [
    ['of a megabyte', path => writeFileSync(path, `#${'x'.repeat(1024 * 1024)}\n`), /has 1048578 bytes/],
    ['of NULs', path => writeFileSync(path, '\0'.repeat(100)), /is not UTF-8 text/],
    ['that is a folder', path => mkdirSync(path), /is a folder/],
    ['that links to itself', path => symlinkSync('.toolversion.lock', path), /can't be read \(ELOOP\)/],
    ['that links to nothing', path => symlinkSync('none', path), /can't be read \(ENOENT\)/],
  ]
  test.each(bad)('%s is refused', async (_, make, message) => {
    await using box = sandbox()
    const path = join(box.project, '.toolversion.lock')
    make(path)
    expect(() => readLock(path, box.context)).toThrow(
      expect.objectContaining({
        code: 'LOCK_INVALID',
        exitCode: 3,
        message: expect.stringMatching(message),
        hint: expect.stringMatching(/./),
      }),
    )
  })

  test('that was made by a large project is read', async () => {
    await using box = sandbox()
    const names = Array.from({length: 28}, (_, at) => `os-${at}`)
    const text = printLock(Array.from({length: 40}, (_, at) => entry(`ore-${at}`, '^1', '1.0.0', names)))
    expect(text.length).toBeGreaterThan(150_000)
    expect(readLock(box.write('.toolversion.lock', text), box.context)?.entries).toHaveLength(40)
  })

  // Only root can give files away.
  test.runIf(process.getuid?.() === 0)(
    'of another user is refused, unless that user called sudo',
    async () => {
      await using box = sandbox()
      const path = box.write('.toolversion.lock', '')
      chownSync(path, 65_534, 65_534)
      expect(() => readLock(path, box.context)).toThrow(
        expect.objectContaining({code: 'LOCK_INVALID', hint: expect.stringContaining('chown')}),
      )
      expect(readLock(path, box.at({env: {SUDO_UID: '65534'}}))?.entries).toEqual([])
    },
  )
})
