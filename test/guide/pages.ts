import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {packageRoot} from '../support/sandbox.ts'

const folder = join(packageRoot, 'docs', 'guide')

export interface Block {
  language: string
  text: string
}

export interface Page {
  name: string
  text: string
  blocks: readonly Block[]
}

/** They tell of libraries. */
const forAuthors: ReadonlySet<string> = new Set(['write-a-compiler.md', 'embed-a-supervisor.md'])

/** The pages of the guide that tell how to use the command, in the order of their names. */
export const pages: readonly Page[] = readdirSync(folder)
  .filter(name => name.endsWith('.md') && !forAuthors.has(name))
  .map(name => {
    const text = readFileSync(join(folder, name), 'utf8')
    return {name, text, blocks: blocksOf(text)}
  })

export function page(name: string): Page {
  const found = pages.find(one => one.name === name)
  if (found === undefined) throw new Error(`the guide has no page ${name}`)
  return found
}

/** The command lines of `tool` in the code spans of a text. */
export function commandsIn(text: string): string[] {
  return [...withoutBlocks(text).matchAll(/`(tool(?: [^`]+)?)`/g)].map(([, line = '']) =>
    line.replaceAll('\n', ' '),
  )
}

/** The same, only of the last columns of tables under one heading, in their order. */
export function commandsOfTable({text}: Page, heading: string): string[] {
  const [, section = ''] = text.split(`\n## ${heading}\n`)
  const rows = (section.split('\n## ')[0] ?? '').split('\n').filter(line => line.startsWith('| '))
  return rows.flatMap(row => commandsIn(row.split(' | ').at(-1) ?? ''))
}

/** Blocks in a list are indented. */
function blocksOf(text: string): Block[] {
  return [...text.matchAll(/^( *)```(\w+)\n(.*?)^ *```$/gms)].map(
    ([, indent = '', language = '', code = '']) => ({
      language,
      text: code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    }),
  )
}

function withoutBlocks(text: string): string {
  return text.replaceAll(/^ *```\w+\n.*?^ *```$/gms, '')
}
