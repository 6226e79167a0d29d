import {dirname} from 'node:path'
import {childPath} from '../base/child-path.ts'
import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import type {Definitions} from '../toolchain/definitions.ts'
import {toolchainOfBareSpecs, toolchainOfGlobalSpecs} from './bare-specs.ts'
import {parsePackageJson} from './package-json.ts'
import {parsePinText} from './parse.ts'
import {readPinText} from './read.ts'
import {parseToolVersions} from './tool-versions.ts'
import type {Pin} from './types.ts'
import {parseVersionFile} from './version-file.ts'

/** One kind of pin file. */
interface PinReader {
  /** What it is called, in every folder. */
  name: string
  /** Whether it is there for its pins, so that its folder is a project's. */
  isPinFile: boolean
  /** The most bytes that it may have. */
  maxBytes?: number
  parse(text: string, path: string): readonly Pin[]
}

/** asdf's file, which other version managers read too. */
export const asdfName = '.tool-versions'
/** Has much else in it. */
export const packageName = 'package.json'
export const packageBytes = 4 * 1024 * 1024

/** What a pin file of ours is called. @throws UserError VERSION_FILE_NAME_INVALID */
export function ownPinFileName({env}: Pick<Context, 'env'>): string {
  return checkedFileName(env.TOOL_VERSION_FILE || '.toolversion')
}

/**
 * The pins of a folder, those that count first: of our own file, of asdf's, of the toolchains' own. Each file is read
 * when it is reached. `only`: those of one toolchain, so that no file is read which can't name it.
 * @throws UserError PIN_*, VERSION_FILE_NAME_INVALID
 */
export function* pinsIn(
  directory: string,
  context: Context,
  definitions: Definitions,
  only?: string,
): Generator<Pin> {
  for (const {pins} of pinFilesIn(directory, context, definitions, only)) yield* pins
}

/** A file that may pin, as it was read: its pins are those of this text. */
export interface PinFile {
  path: string
  text: string
  pins: readonly Pin[]
}

/**
 * The files of a folder that `pinsIn` reads, in the same order; a package.json once for each toolchain that it may pin.
 * @throws UserError PIN_*, VERSION_FILE_NAME_INVALID
 */
export function* pinFilesIn(
  directory: string,
  context: Context,
  definitions: Definitions,
  only?: string,
): Generator<PinFile> {
  for (const reader of readersOf(context, definitions, only)) {
    const path = childPath(directory, reader.name)
    const text = readPinText(path, context, reader)
    if (text !== undefined) yield {path, text, pins: reader.parse(text, path)}
  }
}

/** What the files are called that may pin, in the order in which they count. @throws UserError VERSION_FILE_NAME_INVALID */
export function pinFileNames(context: Context, definitions: Definitions): string[] {
  return [...new Set(readersOf(context, definitions).map(({name}) => name))]
}

/** Whether a folder has something that pins. A link to nothing is a mistake to be told, not a file to be passed over. */
export function hasPins(
  directory: string,
  context: Context,
  definitions: Definitions,
  exists: (path: string) => boolean,
): boolean {
  return readersOf(context, definitions).some(({name, isPinFile, maxBytes, parse}) => {
    const path = childPath(directory, name)
    if (!exists(path)) return false
    if (isPinFile) return true
    const text = readPinText(path, context, {name, ...(maxBytes && {maxBytes})})
    return text !== undefined && parse(text, path).length > 0
  })
}

/** The pins of `$TOOL_HOME/version`. */
export function globalPins(context: Context, definitions: Definitions): readonly Pin[] {
  const path = context.layout.globalPins
  const text = readPinText(path, context, {
    name: 'version',
    wayOut: 'move it away, or set TOOL_HOME to another folder',
  })
  if (text === undefined) return []
  return parseOurs(text, path, context, definitions, () => toolchainOfGlobalSpecs(context))
}

/** In the order in which they count. */
function readersOf(context: Context, definitions: Definitions, only?: string): PinReader[] {
  const own = definitions.versionFiles().filter(({toolchain}) => only === undefined || toolchain === only)
  return [
    {
      name: ownPinFileName(context),
      isPinFile: true,
      parse: (text, path) =>
        parseOurs(text, path, context, definitions, () => toolchainOfBareSpecs(dirname(path), context)),
    },
    {
      name: asdfName,
      isPinFile: true,
      parse: (text, path) => parseToolVersions(text, path, definitions, context),
    },
    ...own.map(({file, toolchain}): PinReader => {
      if (file !== packageName)
        return {
          name: file,
          isPinFile: true,
          parse: (text, path) => parseVersionFile(text, path, toolchain, context),
        }
      return {
        name: file,
        isPinFile: false,
        maxBytes: packageBytes,
        parse: (text, path) => parsePackageJson(text, path, toolchain, context),
      }
    }),
  ]
}

function parseOurs(
  text: string,
  path: string,
  {log, cwd}: Context,
  definitions: Definitions,
  defaultToolchain: () => string,
): readonly Pin[] {
  return parsePinText(text, path, {defaultToolchain, canonical: definitions.canonical, log, cwd}).pins
}

function checkedFileName(name: string): string {
  if (!/[/\\\0]/.test(name) && name !== '.' && name !== '..') return name
  throw new UserError({
    code: 'VERSION_FILE_NAME_INVALID',
    message: `${JSON.stringify(name)} is no name of a file (set by TOOL_VERSION_FILE)`,
    hint: 'set TOOL_VERSION_FILE to a name without slashes, such as .toolversion',
    exitCode: Exit.usage,
  })
}
