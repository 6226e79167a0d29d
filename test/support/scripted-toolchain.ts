import {join} from 'node:path'
import type {Definition} from '../../src/model/definition.ts'
import type {Sandbox} from './sandbox.ts'
import {putVersion, writeProgram} from './store.ts'
import {npmToolchain} from './toolchain.ts'

/** What a definition says of a server that prints `ready on URL`. */
export const printsReady = (name: string, ...words: string[]): Definition['serve'] => ({
  driver: 'stream',
  command: [name, ...words],
  ready: '^ready on (?<url>\\S+)',
})

/** A toolchain of the person's own, installed in version 1.0.0, whose one program is a shell script. */
export function scriptedToolchain(
  box: Sandbox,
  name: string,
  script: string,
  definition: Partial<Definition>,
): void {
  box.write(`../.tool/toolchains/${name}.json`, JSON.stringify(npmToolchain(name, definition)))
  const folder = putVersion(box, name, '1.0.0', {runtime: 'none'})
  writeProgram(join(folder, 'bin', name), `#!/bin/sh\n${script}\n`)
}

/** The command that runs a program of fixtures/programs with the Node of the tests, for such a script. */
export function runsFixture(packageRoot: string, name: string, ...words: string[]): string {
  return `exec ${process.execPath} ${join(packageRoot, 'fixtures/programs', name)} ${words.join(' ')}`
}
