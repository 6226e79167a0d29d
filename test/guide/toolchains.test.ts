import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import type {Definition} from '../../src/model/definition.ts'
import {packageRoot} from '../support/sandbox.ts'
import {page} from './pages.ts'

const definitions = readdirSync(join(packageRoot, 'toolchains')).map(
  (file): Definition => JSON.parse(readFileSync(join(packageRoot, 'toolchains', file), 'utf8')),
)
const rows = page('toolchains.md')
  .text.split('\n')
  .filter(line => line.startsWith('| `'))
  .map(line => line.split(' | '))

test('the page has a row for each definition, with its commands and its build', () => {
  const spans = (text = '') => [...text.matchAll(/`([^`]+)`/g)].map(([, span]) => span)
  const told = rows.map(([name, commands, build]) => ({
    name: spans(name),
    commands: spans(commands).sort(),
    builds: spans(build).length > 0,
  }))
  const known = definitions.map(({name, executables, sources, overrides = [], build}) => {
    const all = [
      executables,
      ...[...overrides, ...sources].map(part => ('executables' in part ? part.executables : {})),
    ]
    const commands = new Set(all.flatMap(one => Object.keys(one ?? {})))
    return {name: [name], commands: [...commands].sort(), builds: build !== undefined}
  })
  expect(told).toEqual(known.sort((a, b) => String(a.name).localeCompare(String(b.name))))
})
