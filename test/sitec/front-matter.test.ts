import {expect, test} from 'vitest'
import {compileTexts, rangeText} from './support.ts'

function problems(text: string) {
  return compileTexts({'content/page.md': text}).problems.get('content/page.md') ?? []
}

test.each([
  ['no closing line', '---\ntitle: A\n\n# Hello\n', 'SITEC001', '0:0-0:3', 'never closed'],
  ['a key twice', '---\ntitle: A\ntitle: B\n---\n', 'SITEC002', '2:0-2:1', 'unique'],
  ['an unclosed quote', '---\ntitle: "A\n---\n', 'SITEC002', '2:0-2:0', 'Missing closing'],
  ['an unclosed list', '---\ntitle: A\ntags: [a, b\n---\n', 'SITEC002', '3:0-3:0', 'Flow sequence'],
  ['a colon inside a value', '---\ntitle: A: B\n---\n', 'SITEC002', '1:7-1:8', 'compact mappings'],
  ['a tab as indentation', '---\ntitle: A\nmore:\n\ta: b\n---\n', 'SITEC002', '3:0-3:1', 'Tabs'],
  ['a list instead of fields', '---\n- A\n- B\n---\n', 'SITEC002', '1:0-3:0', 'expected fields'],
  ['no title', '---\nauthor: A\n---\n# Hello\n', 'SITEC003', '0:0-0:3', 'has no title'],
  ['an empty title', '---\nauthor: A\ntitle: ""\n---\n', 'SITEC003', '2:7-2:9', 'is empty'],
  ['a title without a value', '---\ntitle:\n---\n', 'SITEC003', '1:6-1:6', 'is empty'],
  ['a list as title', '---\ntitle: [a, b]\n---\n', 'SITEC003', '1:7-1:13', 'not a text'],
  ['no front matter', '# Hello\n', 'SITEC003', '0:0-0:0', 'begins without front matter'],
  ['an empty file', '', 'SITEC003', '0:0-0:0', 'begins without front matter'],
  [
    'a permalink out of the site',
    '---\ntitle: A\npermalink: ../a.html\n---\n',
    'SITEC010',
    '2:11-2:20',
    'inside',
  ],
  ['a permalink to no page', '---\ntitle: A\npermalink: a.txt\n---\n', 'SITEC010', '2:11-2:16', 'ends with'],
])('%s', (_, text, code, range, message) => {
  const [problem, ...more] = problems(text)
  expect(more).toEqual([])
  expect(problem).toMatchObject({severity: 1, code})
  expect(problem?.message).toContain(message)
  expect(problem && rangeText(problem)).toBe(range)
})

test('columns count UTF-16 units', () => {
  const [problem] = problems('---\ntitle: "😀" x\n---\n')
  expect(problem && rangeText(problem)).toBe('1:12-1:13')
})

test('each mistake in the YAML is reported at its own place', () => {
  const found = problems('---\ntitle: A\ntitle: B\nauthor: C\nauthor: D\n---\n')
  expect(found.map(rangeText)).toEqual(['2:0-2:1', '4:0-4:1'])
})

test('an unknown tag is a warning', () => {
  const [problem] = problems('---\ntitle: !special A\n---\n')
  expect(problem).toMatchObject({severity: 2, code: 'SITEC002'})
  expect(problem && rangeText(problem)).toBe('1:7-1:15')
})

test('numbers stay as written, lists are joined, nothing is markup', () => {
  const {files} = compileTexts({
    'content/page.md': '---\ntitle: a <b> & "c"\nrelease: 1.10\ntags: [x, <y>]\nnone:\n---\n',
    'layout.html': '<title>{{ title }}</title>|{{ release }}|{{tags}}|{{ none }}|{{ content }}',
  })
  expect(files.get('page.html')).toBe('<title>a &lt;b&gt; &amp; &quot;c&quot;</title>|1.10|x, &lt;y&gt;||')
})

test('a field may be called like a property of every object', () => {
  const {files, problems} = compileTexts({
    'content/page.md': '---\ntitle: A\nconstructor: B\n---\n',
    'layout.html': '{{ constructor }}{{ toString }}{{ content }}',
  })
  expect(files.get('page.html')).toBe('B')
  expect(problems.get('layout.html')).toHaveLength(1)
})
