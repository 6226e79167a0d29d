import {mkdirSync, mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {extract} from 'tar'
import {packSitec} from '../../fixtures/sitec/pack/pack-sitec.ts'
import {blobPath, directoryIndex} from '../../src/source/directory-index.ts'

export interface PackedSitec extends Disposable {
  /** The folder that offers the releases. */
  directory: string
  /** Path of the program of one release, unpacked. */
  program(version: string): string
}

/** Packs sitec, and unpacks it as an install does. */
export async function packedSitec(): Promise<PackedSitec> {
  const folder = mkdtempSync(join(tmpdir(), 'packed-sitec-'))
  const directory = join(folder, 'offered')
  await packSitec(directory)
  const index = directoryIndex.parse(JSON.parse(readFileSync(join(directory, 'index.json'), 'utf8')))
  for (const [version, {artifacts}] of Object.entries(index.versions)) {
    const cwd = join(folder, version)
    mkdirSync(cwd)
    for (const {blob} of artifacts) await extract({cwd, file: join(directory, blobPath(blob))})
  }
  return {
    directory,
    program: version => join(folder, version, 'bin/sitec.js'),
    [Symbol.dispose]: () => rmSync(folder, {recursive: true, force: true}),
  }
}
