import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {projectAncestors} from '../base/ancestors.ts'
import type {Context} from '../base/context.ts'
import type {ForeignPin} from '../pin/foreign.ts'
import {type MiseProblem, miseNames, readMise} from '../pin/mise.ts'
import {readDevEngines} from '../pin/package-json.ts'
import {findProject} from '../pin/project.ts'
import {readPinText} from '../pin/read.ts'
import {asdfName, ownPinFileName, packageBytes, packageName} from '../pin/readers.ts'
import {readToolVersions} from '../pin/tool-versions.ts'
import {readVersionFile} from '../pin/version-file.ts'
import type {Definitions} from '../toolchain/definitions.ts'

/** A place of another version manager's file, or why the file is not understood. */
export interface FoundPin {
  path: string
  found: ForeignPin | MiseProblem
}

/** Of a mise.toml, which may have tasks and more in it. */
const miseBytes = 1024 * 1024

/**
 * The folder whose files are migrated: the project's root, or the nearest at or above the working directory that mise
 * configures, whichever is nearer; without either the working directory.
 * @throws UserError PIN_*
 */
export function migrationFolder(context: Context, definitions: Definitions): string {
  const project = findProject(context, definitions)?.root
  for (const folder of projectAncestors(context.cwd, context)) {
    if (folder === project || miseNames.some(name => existsSync(join(folder, name)))) return folder
  }
  return context.cwd
}

/**
 * All that other version managers' files in a folder say, what counts first standing first.
 * @throws UserError PIN_FILE_*
 */
export function foreignPinsIn(directory: string, context: Context, definitions: Definitions): FoundPin[] {
  return readersOf(definitions, ownPinFileName(context)).flatMap(({name, maxBytes, read}) => {
    const path = join(directory, name)
    const text = readPinText(path, context, {name, ...(maxBytes && {maxBytes})})
    if (text === undefined) return []
    return [read(text)].flat().map(found => ({path, found}))
  })
}

interface ForeignReader {
  name: string
  maxBytes?: number
  read(text: string): readonly ForeignPin[] | MiseProblem
}

/** mise reads the others' files too, and counts its own first. The file that is to be written is nobody else's. */
function readersOf(definitions: Definitions, own: string): ForeignReader[] {
  const readers: ForeignReader[] = [
    ...miseNames.map(name => ({
      name,
      maxBytes: miseBytes,
      read: (text: string) => readMise(text, definitions),
    })),
    {name: asdfName, read: text => readToolVersions(text, definitions)},
  ]
  const files = definitions.versionFiles()
  for (const {file, toolchain} of files.filter(one => one.file !== packageName))
    readers.push({name: file, read: text => readVersionFile(text, toolchain)})
  if (files.some(({file}) => file === packageName))
    readers.push({
      name: packageName,
      maxBytes: packageBytes,
      read: text => readDevEngines(text, definitions),
    })
  return readers.filter(({name}) => name !== own)
}
