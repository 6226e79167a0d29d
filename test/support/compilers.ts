import {createRequire} from 'node:module'
import {dirname, join} from 'node:path'
import type {Program} from '../../src/driver/target.ts'
import {packageRoot} from './sandbox.ts'

const {platform, arch} = process
const requireHere = createRequire(join(packageRoot, 'package.json'))

function nativePackage(name: string): string {
  return dirname(requireHere.resolve(`${name}/package.json`))
}

/** The real compilers that this repository itself depends on, so that they are there without a network. */
export const esbuildProgram: Program = program(
  join(nativePackage(`@esbuild/${platform}-${arch}`), platform === 'win32' ? 'esbuild.exe' : 'bin/esbuild'),
)

export const tsc7Program: Program = program(
  join(
    nativePackage(`@typescript/typescript-${platform}-${arch}`),
    'lib',
    platform === 'win32' ? 'tsc.exe' : 'tsc',
  ),
)

function program(file: string, ...args: string[]): Program {
  return {file, args, binDirectories: [dirname(file)]}
}

/** A child program of `fixtures/programs`, run by this Node. */
export function fixtureProgram(name: string, ...args: string[]): Program {
  return program(process.execPath, join(packageRoot, 'fixtures/programs', name), ...args)
}
