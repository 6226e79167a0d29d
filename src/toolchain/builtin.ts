import {readFileSync} from 'node:fs'
import {basename} from 'node:path'
import type {Definition} from '../model/definition.ts'
import {builtinFolder} from './builtin-folder.ts'
import {jsonFilesIn} from './json-files.ts'
import {type Summary, summaryOf} from './summary.ts'

/** A definition that comes with the package. */
export interface Builtin {
  name: string
  summary(): Summary
  /** As it is written. No check at run time: a test holds every one against the schema. */
  read(): Definition
}

/**
 * The definitions that come with the package, in the order of their names; each is read when it is asked for. In the
 * bundles of the command line another module stands in the place of this one, which has them all in it.
 */
export function builtins(packageRoot: string): Builtin[] {
  return jsonFilesIn(builtinFolder(packageRoot)).map(path => {
    const read = () => JSON.parse(readFileSync(path, 'utf8')) as Definition
    return {name: basename(path, '.json'), summary: () => summaryOf(read()), read}
  })
}
