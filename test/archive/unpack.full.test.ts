import {lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync} from 'node:fs'
import {dirname, join, relative, resolve} from 'node:path'
import fc from 'fast-check'
import {expect, test} from 'vitest'
import {unpack} from '../../src/archive/unpack.ts'
import {errnoOf, UserError} from '../../src/base/errors.ts'
import {sandbox} from '../support/sandbox.ts'
import {type TarEntry, tarball} from '../support/tarball.ts'

const step = fc.constantFrom('package', 'a', 'b', 'A', 'c.txt', '..', '.', '', 'é', 'e\u0301', 'C:', 'x\\y')
const path = fc.array(step, {minLength: 1, maxLength: 5}).map(steps => steps.join('/'))
const rooted = fc.oneof(
  {weight: 4, arbitrary: path.map(rest => `package/${rest}`)},
  path,
  path.map(rest => `/${rest}`),
)

const entry: fc.Arbitrary<TarEntry> = fc.oneof(
  {weight: 4, arbitrary: fc.record({path: rooted, content: fc.string()})},
  {weight: 2, arbitrary: fc.record({path: rooted, type: fc.constant('Directory' as const)})},
  {
    weight: 3,
    arbitrary: fc.record({path: rooted, type: fc.constant('SymbolicLink' as const), linkpath: path}),
  },
  {weight: 2, arbitrary: fc.record({path: rooted, type: fc.constant('Link' as const), linkpath: rooted})},
  fc.record({path: rooted, content: fc.string(), pax: fc.record({path: rooted}, {requiredKeys: []})}),
  fc.record({path: rooted, type: fc.constantFrom('FIFO' as const, 'CharacterDevice' as const)}),
)

test('whatever an archive holds, nothing appears or changes outside the target, and no link leads out', async () => {
  await using box = sandbox()
  let unpacked = 0
  await fc.assert(
    fc.asyncProperty(fc.array(entry, {minLength: 1, maxLength: 8}), fc.nat(2), async (entries, strip) => {
      const jail = join(box.project, 'jail')
      const into = join(jail, 'a', 'b', 'out')
      // What a failed run left would hide its cause from the shrinking.
      rmSync(jail, {recursive: true, force: true})
      mkdirSync(dirname(into), {recursive: true})
      writeFileSync(join(jail, 'c.txt'), 'canary')
      async function* arriving() {
        yield tarball(entries)
      }
      try {
        await unpack(arriving(), {format: 'tar.gz', strip, into})
        unpacked += 1
      } catch (error) {
        // Names that no header can hold fail in the packing; all else is refused in words.
        if (!(error instanceof UserError)) throw error
      }
      expect(readFileSync(join(jail, 'c.txt'), 'utf8')).toBe('canary')
      expect(readdirSync(box.project)).toEqual(['jail'])
      expect(readdirSync(jail).sort()).toEqual(['a', 'c.txt'])
      expect(readdirSync(dirname(into))).toEqual(['out'])
      for (const link of linksBelow(into)) {
        const target = follow(link)
        expect(relative(into, target).startsWith('..'), `${link} leads to ${target}`).toBe(false)
      }
      rmSync(jail, {recursive: true})
    }),
    {numRuns: 3000},
  )
  expect(unpacked).toBeGreaterThan(100)
})

function linksBelow(directory: string): string[] {
  return readdirSync(directory, {withFileTypes: true}).flatMap(found => {
    const at = join(directory, found.name)
    if (found.isSymbolicLink()) return [at]
    return found.isDirectory() ? linksBelow(at) : []
  })
}

/** Where the system would go, also if the end is not there; made apart from the code under test. */
function follow(path: string): string {
  let place = '/'
  const ahead = path.split('/').filter(Boolean)
  for (let step = ahead.shift(); step !== undefined; step = ahead.shift()) {
    const next = resolve(place, step)
    if (statusOf(next)?.isSymbolicLink()) {
      const target = readlinkSync(next)
      if (target.startsWith('/')) place = '/'
      ahead.unshift(...target.split('/').filter(Boolean))
    } else place = next
  }
  return place
}

/** Nothing is there either where a file stands on the way: such a link leads nowhere. */
function statusOf(path: string) {
  try {
    return lstatSync(path, {throwIfNoEntry: false})
  } catch (error) {
    if (errnoOf(error) === 'ENOTDIR') return undefined
    throw error
  }
}
