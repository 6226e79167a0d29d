import {execFileSync} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {type CommandLines, parseCommandLine} from '../../src/cli/command-line.ts'
import {moveLeadingFlags} from '../../src/cli/leading-flags.ts'
import {packageRoot} from '../support/sandbox.ts'
import {type Block, commandsIn, pages} from './pages.ts'

const lines: CommandLines = JSON.parse(readFileSync(join(packageRoot, 'dist/command-lines.json'), 'utf8'))

/** Whether `tool` takes a line of a person as it is: command, flags, number of words. */
function isTaken(line: string): boolean {
  const [id = '', first = '', ...rest] = moveLeadingFlags(line.split(' ').slice(1))
  const topic = `${id}:${first}`
  return (
    parseCommandLine(
      Object.hasOwn(lines, topic) ? [topic, ...rest] : [id, first, ...rest].filter(Boolean),
      lines,
    ) !== undefined
  )
}

function commandsOfBlock({language, text}: Block): string[] {
  if (!['sh', 'bash', 'console', 'yaml', 'dockerfile'].includes(language)) return []
  const simple = text.replaceAll(/"\$\((?!tool )[^\n]*?\)"/g, 'DIRECTORY')
  return [...simple.matchAll(/(?<=^|[ (])tool(?: [^\n&|;)#]+)?/gm)].map(([line]) => line.trim())
}

describe.each(pages.map(page => [page.name, page] as const))('%s', (_, page) => {
  test('every command line in it is one', () => {
    const used = [...commandsIn(page.text), ...page.blocks.flatMap(commandsOfBlock)]
    expect(used.length).toBeGreaterThan(5)
    expect([...new Set(used)].filter(line => !isTaken(line))).toEqual([])
  })

  test('every script in it is one', () => {
    for (const {text} of page.blocks.filter(({language}) => language === 'sh' || language === 'bash'))
      execFileSync('bash', ['-n'], {input: text, stdio: ['pipe', 'ignore', 'pipe']})
  })

  test('its links lead somewhere', () => {
    const here = join(packageRoot, 'docs', 'guide')
    for (const [, target = ''] of page.text.matchAll(/\]\((?!https:)([^)]+)\)/g)) {
      const [file = '', anchor] = target.split('#')
      const text = readFileSync(join(here, file), 'utf8')
      const anchors = [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
        title.toLowerCase().replaceAll(' ', '-'),
      )
      if (anchor !== undefined) expect(anchors, target).toContain(anchor)
    }
  })
})

test('the README leads to every page', () => {
  const readme = readFileSync(join(packageRoot, 'README.md'), 'utf8')
  const names = pages.map(({name}) => name)
  expect(names.filter(name => !readme.includes(`(docs/guide/${name})`))).toEqual([])
})
