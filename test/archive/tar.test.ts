import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {sandbox} from '../support/sandbox.ts'
import {paxRecord, rawEntry, tar} from '../support/tarball.ts'
import {unpackInto} from '../support/unpacking.ts'

const end = Buffer.alloc(1024)
const plain = {format: 'tar', strip: 1} as const
const archiveOf = (...parts: Buffer[]) => Buffer.concat([...parts, end])
const file = (name: string, content = 'content') => rawEntry({name}, content)
const pax = (...records: Buffer[]) => rawEntry({name: 'pax', flag: 'x'}, Buffer.concat(records))
const base256 = (...last: number[]) => {
  const field = Buffer.alloc(12)
  field[0] = 0x80
  field.set(last, 12 - last.length)
  return field
}

describe('read as everybody reads it', () => {
  const long = `p/${'d'.repeat(120)}/${'f'.repeat(200)}`
  const cases: [what: string, archive: Buffer, files: string[]][] = [
    [
      'a long name in GNU form',
      archiveOf(rawEntry({name: '././@LongLink', flag: 'L'}, `${long}\0`), file('x')),
      [long.slice(2)],
    ],
    ['a long name in PAX form', archiveOf(pax(paxRecord('path', long)), file('x')), [long.slice(2)]],
    ['a name in two parts', archiveOf(rawEntry({name: 'b/c', prefix: 'p/a'}, 'content')), ['a/b/c']],
    [
      'a PAX name instead of one in two parts',
      archiveOf(pax(paxRecord('path', 'p/x')), rawEntry({name: 'b', prefix: 'p/a'}, 'content')),
      ['x'],
    ],
    [
      'a long name whose cut form ends in a slash',
      archiveOf(
        rawEntry({name: 'l', flag: 'L'}, `${long}\0`),
        rawEntry({name: `p/${'d'.repeat(97)}/`}, 'content'),
      ),
      [long.slice(2)],
    ],
    ['a size in base 256', archiveOf(rawEntry({name: 'p/a', size: base256(7)}, 'content')), ['a']],
    [
      'a size by PAX',
      archiveOf(pax(paxRecord('size', '7')), rawEntry({name: 'p/a', size: '00000000003'}, 'content')),
      ['a'],
    ],
    [
      'a value that looks like a record',
      archiveOf(pax(paxRecord('comment', `\n${paxRecord('path', 'p/../../evil')}`)), file('p/a')),
      ['a'],
    ],
    [
      'a comment for all entries',
      archiveOf(rawEntry({name: 'g', flag: 'g'}, paxRecord('comment', 'a commit')), file('p/a')),
      ['a'],
    ],
    ['an old file', archiveOf(rawEntry({name: 'p/a', flag: '\0'}, 'content')), ['a']],
    [
      'a folder that claims a size',
      archiveOf(rawEntry({name: 'p/d/', flag: '5', size: '00000000007'}), file('p/a')),
      ['a'],
    ],
    [
      'a hard link that claims a size',
      archiveOf(file('p/a'), rawEntry({name: 'p/b', flag: '1', link: 'p/a', size: '00000000007'})),
      ['a', 'b'],
    ],
    [
      'a name of 99 bytes with letters of several',
      archiveOf(pax(paxRecord('path', `p/${'ü'.repeat(100)}`)), file('x')),
      ['ü'.repeat(100)],
    ],
  ]
  test.each(cases)('%s', async (_what, archive, files) => {
    for (const piece of [100_000, 512, 1]) {
      await using box = sandbox()
      const {into, summary} = await unpackInto(box.project, archive, {...plain, piece})
      expect(summary.files).toEqual(files)
      for (const name of files) expect(readFileSync(join(into, name), 'utf8')).toBe('content')
    }
  })
})

describe('refused', () => {
  const cases: [what: string, archive: Buffer][] = [
    ['a GNU name with ..', archiveOf(rawEntry({name: 'l', flag: 'L'}, 'p/../../evil\0'), file('x'))],
    [
      'a GNU name with something after NUL',
      archiveOf(rawEntry({name: 'l', flag: 'L'}, 'p/a\0/../../evil\0'), file('x')),
    ],
    [
      'a GNU link out',
      archiveOf(
        rawEntry({name: 'l', flag: 'K'}, '../../evil\0'),
        rawEntry({name: 'p/x', flag: '2', link: 'a'}),
      ),
    ],
    [
      'a PAX link out',
      archiveOf(pax(paxRecord('linkpath', '../../evil')), rawEntry({name: 'p/x', flag: '2', link: 'a'})),
    ],
    ['a PAX name with NUL', archiveOf(pax(paxRecord('path', 'p/a\0b')), file('x'))],
    [
      'a name for all entries',
      archiveOf(rawEntry({name: 'g', flag: 'g'}, paxRecord('path', 'p/a')), file('p/b')),
    ],
    [
      'a size for all entries',
      archiveOf(rawEntry({name: 'g', flag: 'g'}, paxRecord('size', '0')), file('p/b')),
    ],
    ['a name that is not UTF-8', archiveOf(rawEntry({name: Buffer.from([0x70, 0x2f, 0xff, 0xfe])}))],
    [
      'a PAX name that is not UTF-8',
      archiveOf(pax(paxRecord('path', Buffer.from([0x70, 0x2f, 0xc3]))), file('x')),
    ],
    ['a file with holes', archiveOf(pax(paxRecord('GNU.sparse.major', '1')), file('p/a'))],
    ['a file with holes in GNU form', archiveOf(rawEntry({name: 'p/a', flag: 'S'}, 'content'))],
    ['a kind that nobody knows', archiveOf(rawEntry({name: 'p/a', flag: 'Z'}))],
    ['a part of an archive on several tapes', archiveOf(rawEntry({name: 'p/a', flag: 'M'}, 'content'))],
    [
      'a header before an entry that is too long',
      archiveOf(rawEntry({name: 'x', flag: 'x'}, Buffer.alloc(1_100_000, 'a'))),
    ],
    ['names that differ in what can not be seen', archiveOf(file('p/a'), file('p/a\u200c'))],
    ['names that are one in capitals', archiveOf(file('p/straße'), file('p/STRASSE'))],
  ]
  test.each(cases)('%s', async (_what, archive) => {
    for (const piece of [100_000, 511]) {
      await using box = sandbox()
      await expect(unpackInto(box.project, archive, {...plain, piece})).rejects.toMatchObject({
        code: 'ARCHIVE_UNSAFE',
        exitCode: 6,
      })
      expect(readdirSync(box.project)).toEqual(['jail'])
      expect(readdirSync(join(box.project, 'jail'))).toEqual(['out'])
    }
  })

  test('a million folders in a few entries', async () => {
    await using box = sandbox()
    const deep = Array.from({length: 40}, (_, at) => ({
      path: `p/${at}/${'d/'.repeat(100)}`,
      type: 'Directory' as const,
    }))
    await expect(
      unpackInto(box.project, tar(deep), {...plain, limits: {entries: 2000}}),
    ).rejects.toMatchObject({
      code: 'ARCHIVE_UNSAFE',
    })
  })

  test('links through links through links, before they take long', async () => {
    await using box = sandbox()
    const winding = `${'x/../'.repeat(600)}a`
    const links = Array.from(
      {length: 4000},
      (_, at) =>
        pax(paxRecord('linkpath', winding)).toString('latin1') +
        rawEntry({name: `p/${at}`, flag: '2', link: 'a'}).toString('latin1'),
    )
    const archive = archiveOf(Buffer.from(links.join(''), 'latin1'))
    await expect(unpackInto(box.project, archive, {...plain, piece: 1 << 20})).rejects.toMatchObject({
      code: 'ARCHIVE_UNSAFE',
    })
  })
})

describe('damaged', () => {
  const cases: [what: string, archive: Buffer][] = [
    ['a negative size', archiveOf(rawEntry({name: 'p/a', size: Buffer.alloc(12, 0xff)}, 'content'))],
    ['a negative size by PAX', archiveOf(pax(paxRecord('size', '-7')), file('p/a'))],
    [
      'a size that no number holds',
      archiveOf(rawEntry({name: 'p/a', size: Buffer.alloc(12, 0x80)}, 'content')),
    ],
    ['a size by PAX that no number holds', archiveOf(pax(paxRecord('size', '9'.repeat(30))), file('p/a'))],
    ['a size that is no number', archiveOf(rawEntry({name: 'p/a', size: 'abc'}, 'content'))],
    [
      'a size that is larger than the archive',
      archiveOf(rawEntry({name: 'p/a', size: base256(1, 0, 0)}, 'content')),
    ],
    ['a size that is too small', archiveOf(rawEntry({name: 'p/a', size: '00000000001'}, 'c'.repeat(600)))],
    ['a PAX header whose lengths are wrong', archiveOf(pax(Buffer.from('99 path=p/a\n')), file('p/b'))],
    ['a PAX header without lengths', archiveOf(pax(Buffer.from('path=p/a\n')), file('p/b'))],
    ['a header that no entry follows', archiveOf(pax(paxRecord('path', 'p/a')))],
    ['an entry without a name', archiveOf(rawEntry({}))],
    ['nothing', end],
    ['an empty block between entries', archiveOf(file('p/a'), Buffer.alloc(512), file('p/b'))],
    ['entries after the end', archiveOf(file('p/a'), end, file('p/b'))],
    ['a wrong checksum', archiveOf(file('p/a'), file('p/b').fill('x', 0, 3))],
  ]
  test.each(cases)('%s', async (_what, archive) => {
    for (const piece of [100_000, 511]) {
      await using box = sandbox()
      await expect(unpackInto(box.project, archive, {...plain, piece})).rejects.toMatchObject({
        code: 'ARCHIVE_CORRUPT',
        exitCode: 6,
      })
    }
  })
})
