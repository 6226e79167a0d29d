import {lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync} from 'node:fs'
import {dirname, join, relative, resolve} from 'node:path'
import {expect} from 'vitest'
import {unpack} from '../../src/archive/unpack.ts'
import {errnoOf, UserError} from '../../src/base/errors.ts'
import type {RandomArchive} from './random-archives.ts'

/**
 * Unpacks an archive three folders deep in a jail. Nothing may appear or change outside of the target, no link may lead
 * out, and what is accepted is what was asked for.
 * @returns whether it was accepted
 */
export async function unpackInJail(project: string, archive: RandomArchive): Promise<boolean> {
  const jail = join(project, 'jail')
  const into = join(jail, 'a', 'b', 'out')
  // What a failed run left would hide its cause from the shrinking.
  rmSync(jail, {recursive: true, force: true})
  mkdirSync(dirname(into), {recursive: true})
  writeFileSync(join(jail, 'c.txt'), 'canary')
  const accepted = await isAccepted(archive, into)
  expect(readFileSync(join(jail, 'c.txt'), 'utf8')).toBe('canary')
  expect(readdirSync(project)).toEqual(['jail'])
  expect(readdirSync(jail).sort()).toEqual(['a', 'c.txt'])
  expect(readdirSync(join(jail, 'a'))).toEqual(['b'])
  expect(readdirSync(dirname(into))).toEqual(['out'])
  for (const [name, found] of contentsOf(into)) {
    expect(found.mode & 0o7000, name).toBe(0)
    if (found.kind !== 'symlink') continue
    const target = follow(join(into, name))
    expect(relative(into, target).startsWith('..'), `${name} leads to ${target}`).toBe(false)
  }
  if (accepted && archive.expected) expectContents(into, archive.expected)
  return accepted
}

async function isAccepted({format, bytes, strip}: RandomArchive, into: string): Promise<boolean> {
  async function* arriving() {
    yield bytes.subarray(0, bytes.length / 3)
    yield bytes.subarray(bytes.length / 3)
  }
  try {
    await unpack(arriving(), {format, strip, into})
    return true
  } catch (error) {
    expect(error).toBeInstanceOf(UserError)
    expect(error).toMatchObject({code: expect.stringMatching(/^ARCHIVE_(?:UNSAFE|CORRUPT)$/), exitCode: 6})
    return false
  }
}

function expectContents(into: string, expected: NonNullable<RandomArchive['expected']>): void {
  const contents = contentsOf(into)
  for (const [name, found] of contents) {
    const {mode: _, ...plain} = found
    // Folders come into being for what is in them.
    if (found.kind === 'directory') expect(['directory', undefined], name).toContain(expected.get(name)?.kind)
    else expect(plain, name).toEqual(expected.get(name))
  }
  for (const name of expected.keys()) expect([...contents.keys()]).toContain(name)
}

interface Found {
  kind: 'file' | 'directory' | 'symlink'
  mode: number
  content?: string
  target?: string
}

function contentsOf(root: string, below = ''): Map<string, Found> {
  const all = new Map<string, Found>()
  for (const name of readdirSync(join(root, below))) {
    const path = below === '' ? name : `${below}/${name}`
    const status = lstatSync(join(root, path))
    const mode = status.mode & 0o7777
    if (status.isSymbolicLink()) {
      all.set(path, {kind: 'symlink', mode: 0, target: readlinkSync(join(root, path))})
    } else if (status.isDirectory()) {
      all.set(path, {kind: 'directory', mode})
      for (const [inner, found] of contentsOf(root, path)) all.set(inner, found)
    } else {
      expect(status.isFile(), path).toBe(true)
      all.set(path, {kind: 'file', mode, content: readFileSync(join(root, path), 'utf8')})
    }
  }
  return all
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
