import {execFileSync} from 'node:child_process'
import {mkdirSync} from 'node:fs'
import {dirname, join} from 'node:path'
import * as tar from 'tar'
import type {Target} from '../../src/driver/target.ts'
import type {BuildSettings} from '../../src/model/project-config.ts'
import {shipped, target} from './targets.ts'

/** TypeScript from the registry, unpacked below a folder. */
export async function fetchTypescript(folder: string, version: string): Promise<string> {
  const directory = join(folder, version)
  mkdirSync(directory, {recursive: true})
  const packed = execFileSync('npm', ['pack', `typescript@${version}`, '--silent'], {
    cwd: directory,
    encoding: 'utf8',
  })
  await tar.extract({file: join(directory, packed.trim()), cwd: directory, strip: 1})
  return directory
}

/** A TypeScript of its own folder as a toolchain, whose scripts this Node runs. */
export function typescriptIn(
  directory: string,
  version: string,
  settings?: BuildSettings,
): Target<BuildSettings> {
  const tsc = join(directory, 'bin', 'tsc')
  const program = {file: process.execPath, args: [tsc], binDirectories: [dirname(process.execPath)]}
  return {...target(shipped('typescript', version), program, settings), version}
}
