import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {readMarkdown} from '../../fixtures/sitec/src/compile/markdown.ts'
import {rulerOf} from '../../fixtures/sitec/src/compile/problem.ts'
import {compileTexts, page, problemsOf, rangeText} from './support.ts'

test.each([
  ['inline', 'see [it](gone.md)', '3:9-3:16'],
  ['with a title', 'see [it](gone.md "title")', '3:9-3:16'],
  ['in angle brackets', 'see [it](<gone far.md>)', '3:10-3:21'],
  ['with blanks around', '[it](  gone.md  )', '3:7-3:14'],
  ['with parentheses', '[it](gone(1).md) (after)', '3:5-3:15'],
  ['escaped', '[it](gone\\_1.md)', '3:5-3:15'],
  ['after characters of two UTF-16 units', '😀é [it](gone.md)', '3:9-3:16'],
  ['in a quote', '> > deep [it](gone.md)', '3:14-3:21'],
  ['on the second line of a quote', '> a\n> b [it](gone.md)', '4:9-4:16'],
  ['over two lines of a quote', '> [a\n> b](gone.md)', '4:5-4:12'],
  ['in a list', '- a\n- b\n  - [it](gone.md)', '5:9-5:16'],
  ['in a list in a quote, after a tab', '> 1.\t[it](gone.md)', '3:10-3:17'],
  ['in a table with an escaped bar', '| a | b |\n|---|---|\n| x \\| y | [it](gone.md) |', '5:16-5:23'],
  ['in a heading', '## To [it](gone.md) ##', '3:11-3:18'],
  ['in bold text', '**see _[it](gone.md)_**', '3:12-3:19'],
  ['after the same in code', '`[it](gone.md)` [it](gone.md)', '3:21-3:28'],
  ['after the same in a comment', 'see <!-- [it](gone.md) --> [it](gone.md)', '3:32-3:39'],
  ['after a hard break', 'a\\\n[it](gone.md)', '4:5-4:12'],
  ['around an image', '[![alt](/pic.svg)](gone.md)', '3:19-3:26'],
  ['as a definition', 'see [it][there]\n\n[there]: gone.md "title"', '5:9-5:16'],
  ['as a definition in a quote', '> [it]\n>\n> [it]: <gone.md>', '5:9-5:16'],
])('a broken link %s', (_, markdown, range) => {
  const found = problemsOf(markdown, {'static/pic.svg': ''})
  expect(found).toHaveLength(1)
  expect(found[0]).toMatchObject({severity: 1, code: 'SITEC004'})
  expect(found[0] && rangeText(found[0])).toBe(range)
})

test.each([
  ['inline', '![alt](gone.svg "t")', '3:7-3:15'],
  ['as a definition', '![alt][pic]\n\n[pic]: gone.svg', '5:7-5:15'],
  ['in a link', '[![alt](gone.svg)](page.md)', '3:8-3:16'],
  ['that is a page', '![alt](page.md)', '3:7-3:14'],
])('a broken image %s', (_, markdown, range) => {
  const found = problemsOf(markdown)
  expect(found).toHaveLength(1)
  expect(found[0]).toMatchObject({severity: 1, code: 'SITEC005'})
  expect(found[0] && rangeText(found[0])).toBe(range)
})

test.each([
  ['on the page itself', '# One\n\n[x](#two)', '5:4-5:8'],
  ['on another page', '[x](other.md#sectoin)', '3:4-3:20'],
  ['through a definition', '[x]\n\n[x]: other.html#nope', '5:5-5:20'],
])('a missing anchor %s', (_, markdown, range) => {
  const found = problemsOf(markdown, {'content/other.md': page('## Section\n')})
  expect(found).toHaveLength(1)
  expect(found[0]).toMatchObject({severity: 1, code: 'SITEC006'})
  expect(found[0] && rangeText(found[0])).toBe(range)
})

test('a reference that nothing defines is a warning at its label', () => {
  const found = problemsOf('see [it][nowhere], but not a[i][j] or `[it][nowhere]`')
  expect(found.map(({severity, code}) => [severity, code])).toEqual([[2, 'SITEC007']])
  expect(found.map(rangeText)).toEqual(['3:9-3:16'])
})

test('links that lead somewhere', () => {
  const found = problemsOf(
    [
      '# Äh, so? `x`\n## Same\n## Same\n<a id="own"></a>',
      '[a](other.md) [b](./sub/deep.md#section) [c](/other.html) [d](sub/) [e](sub) [f](/) [g](#top) [h](?q=1)',
      '[i](#äh-so-x) [j](#same-1) [k](#own) [l](/file%20one.txt) [m](https://example.com/gone.md) [n](//example.com)',
      '<https://example.com/a.md> [o](mailto:a@example.com) ![p](pic.svg) [q](OTHER.md "t")',
    ].join('\n\n'),
    {
      'content/index.md': page(''),
      'content/other.md': page(''),
      'content/OTHER.md': page('', 'other'),
      'content/sub/deep.md': page('## Section'),
      'content/sub/index.md': page('[up](../other.md) [down](deep.md) [root](/sub/deep.md)'),
      'static/file one.txt': '',
      'static/pic.svg': '',
    },
  )
  expect(found).toEqual([])
})

describe('written links', () => {
  test('lead from the written page to the written page', () => {
    const {files, problems} = compileTexts({
      'content/a/page.md': page('[x](../b/other.md?q#s) [y](../gone.md)').replace(
        '---\nt',
        '---\npermalink: /far/away/\nt',
      ),
      'content/b/other.md': page('# S\n\n[back](/a/page.md)'),
    })
    expect([...files.keys()]).toEqual(['far/away/index.html', 'b/other.html'])
    expect(files.get('far/away/index.html')).toContain('<a href="../../b/other.html?q#s">x</a>')
    expect(files.get('b/other.html')).toContain('<a href="../far/away/index.html">back</a>')
    expect(problems.get('content/a/page.md')?.map(({message}) => message)).toEqual([
      'there is no page or file ../gone.md',
    ])
  })

  test('names that mean something in a URL', () => {
    const {files, problems} = compileTexts({
      'content/index.md': page('[x](a%23b.md) [y](<c d?.md>) [z](c%20d%3F.md#e)'),
      'content/a#b.md': page(''),
      'content/c d?.md': page('# E'),
    })
    expect(files.get('index.html')).toContain(
      '<a href="a%23b.html">x</a> <a href="c d?.md">y</a> <a href="c%20d%3F.html#e">z</a>'.replace(
        'c d',
        'c%20d',
      ),
    )
    expect(problems.get('content/index.md')?.map(({message}) => message)).toEqual([
      'there is no page or file c d',
    ])
  })

  test('a link out of the site is broken', () => {
    expect(problemsOf('[x](../../etc/passwd) [y](/../layout.html)')).toHaveLength(2)
  })

  test('the nearest name is offered', () => {
    const [link, anchor] = problemsOf('[x](oter.md) [y](other.md#sectoin)', {
      'content/other.md': page('## Section'),
    })
    expect(link?.message).toBe('there is no page or file oter.md; did you mean other.md?')
    expect(anchor?.message).toBe('content/other.md has no anchor #sectoin; did you mean #section?')
  })
})

test('whatever surrounds a link, its range holds exactly its destination', () => {
  const pieces = [
    ...[
      '[a](b.md)',
      '[a\nb](c.md)',
      '![i](x.svg "t")',
      '`[a](b.md)`',
      '[r][ref]',
      '[ref]: d.md\n',
      '[l](<m n.md>)',
    ],
    ...[
      '[l]( o.md )',
      '[![i](i.png)](p.md)',
      '[x](a(b)c.md)',
      '[q](r.md\n"title")',
      '[no][nope]',
      '<!-- [c](d.md) -->',
    ],
    ...[
      '| a | b |\n|---|---|\n| [x](y.md) | z \\| [p](q.md) |\n',
      'text ',
      '\n',
      '\n\n',
      '> ',
      '>',
      '- ',
      '1. ',
      '  ',
    ],
    ...[
      '    ',
      '\t',
      '# ',
      '**',
      '*',
      '_',
      '```\n',
      '<b>',
      '</b>',
      '\\[',
      'é😀',
      '---\n',
      '[ ] ',
      '===\n',
      '&amp;',
      '~~',
    ],
  ]
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), {minLength: 1, maxLength: 14}), parts => {
      const text = parts.join('')
      const lines = text.split('\n')
      for (const {href, range} of readMarkdown(text, 0, rulerOf(text)).links) {
        expect(range.start.line).toBe(range.end.line)
        expect(lines[range.start.line]?.slice(range.start.character, range.end.character)).toBe(href)
      }
    }),
    {numRuns: 2000},
  )
})
