import {expect, test} from 'vitest'
import {releases} from '../../fixtures/sitec/src/release.ts'
import {compileTexts, page, rangeText} from './support.ts'

test('an unknown field of the layout is a warning there', () => {
  const {problems, files} = compileTexts({
    'content/index.md': '---\ntitle: A\nauthor: B\n---\nHello\n',
    'content/other.md': page(''),
    'layout.html': '<title>{{ title }}</title>\n<p>{{ autor }}, {{author}}</p>\n{{content}}',
  })
  expect([...problems.keys()]).toEqual(['layout.html'])
  const [problem] = problems.get('layout.html') ?? []
  expect(problem).toMatchObject({severity: 2, code: 'SITEC008'})
  expect(problem?.message).toBe('no page has a field “autor”; did you mean “author”?')
  expect(problem && rangeText(problem)).toBe('1:6-1:11')
  expect(files.get('index.html')).toBe('<title>A</title>\n<p>, B</p>\n<p>Hello</p>\n')
  expect(files.get('other.html')).toBe('<title>T</title>\n<p>, </p>\n')
})

test('a layout without content is a warning', () => {
  const {problems} = compileTexts({'content/index.md': page('a'), 'layout.html': '<p>{{ title }}</p>'})
  expect(problems.get('layout.html')).toMatchObject([{severity: 2, code: 'SITEC011'}])
})

test('pages that write the same file', () => {
  const {problems} = compileTexts({
    'content/a.md': page(''),
    'content/b.md': '---\ntitle: B\npermalink: /A.html\n---\n',
    'content/file.md': page(''),
    'static/file.html': '',
    'content/c.md': '---\ntitle: C\npermalink: a.html/\n---\n',
  })
  const found = [...problems].map(([path, list]) => [
    path,
    ...list.map(each => `${each.code} ${rangeText(each)} ${each.message}`),
  ])
  expect(found).toEqual([
    ['content/a.md', 'SITEC009 0:0-0:3 a.html is also written by content/b.md'],
    ['content/b.md', 'SITEC009 2:11-2:18 A.html is also written by content/a.md'],
    ['content/file.md', 'SITEC009 0:0-0:3 file.html is also written by static/file.html'],
    [
      'content/c.md',
      'SITEC009 2:11-2:18 a.html/index.html needs a folder where content/a.md and content/b.md writes a file',
    ],
  ])
})

test('what one source becomes in each release', () => {
  const texts = {
    'content/index.md':
      '---\ntitle: A\ntags: [One Two, b]\n---\n# Top\n\n## First *part*\n\n## Second & last\n',
    'content/other.md': '---\ntitle: B\ntags: [b]\n---\n',
    'layout.html': '{{ content }}<footer>{{ generator }}</footer>',
  }
  const [first, second, third] = releases.map(({version}) => compileTexts(texts, version))
  for (const compiled of [first, second, third]) expect([...(compiled?.problems ?? [])]).toEqual([])
  expect([...(first?.files.keys() ?? [])]).toEqual(['index.html', 'other.html'])
  expect(first?.files.get('index.html')).toBe(
    '<h1 id="top">Top</h1>\n<h2 id="first-part">First <em>part</em></h2>\n<h2 id="second--last">Second &amp; last</h2>\n' +
      '<footer>Built with sitec 1.0.0</footer>',
  )
  expect([...(second?.files.keys() ?? [])]).toEqual([
    'index.html',
    'other.html',
    'tags/b.html',
    'tags/one-two.html',
  ])
  const toc = '<li class="depth-2"><a href="#second--last">Second &amp; last</a></li>'
  expect(second?.files.get('index.html')).toContain(toc)
  expect(second?.files.get('index.html')).toContain('<a rel="tag" href="./tags/one-two.html">One Two</a>')
  expect(second?.files.get('tags/b.html')).toContain(
    '<li><a href="../index.html">A</a></li>\n<li><a href="../other.html">B</a></li>',
  )
  expect(second?.files.get('index.html')).toContain('Built with sitec 1.1.0')
  expect(second?.files.get('index.html')).not.toContain('class="anchor"')
  expect(third?.files.get('index.html')).toContain('First <em>part</em> <a class="anchor" href="#first-part"')
})

test('without a layout a page has the theme of the release', () => {
  const [first, second, third] = releases.map(({version}) =>
    compileTexts({'content/index.md': page('# Hello')}, version),
  )
  const styleOf = (html = '') => /<style>.*<\/style>/s.exec(html)?.[0]
  expect(styleOf(first?.files.get('index.html'))).toBe(styleOf(second?.files.get('index.html')))
  expect(styleOf(third?.files.get('index.html'))).toContain('color-scheme: dark')
  expect(styleOf(first?.files.get('index.html'))).not.toContain('color-scheme')
})

test('headings of one text have ids of their own', () => {
  const {files} = compileTexts({
    'content/index.md': page('# A\n# A-1\n# A\n# A\n# !\n'),
    'layout.html': '{{ content }}',
  })
  const ids = [...(files.get('index.html') ?? '').matchAll(/id="(.*?)"/g)].map(([, id]) => id)
  expect(ids).toEqual(['a', 'a-1', 'a-2', 'a-3', 'section'])
})

test('root leads to the first page from any depth', () => {
  const {files} = compileTexts({
    'content/index.md': page(''),
    'content/a/b/c.md': page(''),
    'layout.html': '{{ root }}{{ content }}',
  })
  expect([files.get('index.html'), files.get('a/b/c.html')]).toEqual(['./', '../../'])
})
