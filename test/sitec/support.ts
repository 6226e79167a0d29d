import {readLayout} from '../../fixtures/sitec/src/compile/layout.ts'
import {readPage} from '../../fixtures/sitec/src/compile/page.ts'
import type {Problem} from '../../fixtures/sitec/src/compile/problem.ts'
import {type CompiledSite, compileSite} from '../../fixtures/sitec/src/compile/site.ts'
import {releaseOf} from '../../fixtures/sitec/src/release.ts'

/** Compiles a site given as texts by path, as if it had been read from disk. */
export function compileTexts(texts: Record<string, string>, version = '1.0.0'): CompiledSite {
  const under = (folder: string) =>
    Object.keys(texts)
      .filter(path => path.startsWith(folder))
      .map(path => path.slice(folder.length))
  const pages = under('content/').map(path => readPage(path, texts[`content/${path}`] ?? ''))
  const layout = texts['layout.html']
  const site = {
    pages,
    assets: under('static/'),
    ...(layout === undefined ? {} : {layout: readLayout(layout)}),
  }
  return compileSite(site, releaseOf(version))
}

/** The problems of a page below the front matter `title: T`, whose Markdown begins on line 3. */
export function problemsOf(markdown: string, others: Record<string, string> = {}): Problem[] {
  const {problems} = compileTexts({'content/page.md': page(markdown), ...others})
  return problems.get('content/page.md') ?? []
}

export function page(markdown: string, title = 'T'): string {
  return `---\ntitle: ${title}\n---\n${markdown}`
}

/** `line:character-line:character`, 0-based as LSP counts. */
export function rangeText({range: {start, end}}: Pick<Problem, 'range'>): string {
  return `${start.line}:${start.character}-${end.line}:${end.character}`
}
