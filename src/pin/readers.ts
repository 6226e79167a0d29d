import {dirname, join} from 'node:path'
import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import {toolchainOfBareSpecs, toolchainOfGlobalSpecs} from './bare-specs.ts'
import {parsePinText} from './parse.ts'
import {readPinText} from './read.ts'
import type {Pin} from './types.ts'

/** One kind of pin file. */
interface PinReader {
  /** What it is called, in every folder. */
  fileName(context: Context): string
  parse(text: string, path: string, context: Context): readonly Pin[]
}

const toolversionReader: PinReader = {
  fileName: ownPinFileName,
  parse: (text, path, context) =>
    parseOurs(text, path, context, () => toolchainOfBareSpecs(dirname(path), context)),
}

/** The pin files that a folder may have, in the order in which they count. Other tools' files go after ours. */
const readers: readonly PinReader[] = [toolversionReader]

/** What a pin file of ours is called. */
export function ownPinFileName({env}: Pick<Context, 'env'>): string {
  return checkedFileName(env.TOOL_VERSION_FILE || '.toolversion')
}

/** Names of the files that may pin something in a folder. */
export function pinFileNames(context: Context): string[] {
  return readers.map(reader => reader.fileName(context))
}

/** The pins of a folder, those that count first; each file is read when it is reached. */
export function* pinsIn(directory: string, context: Context): Generator<Pin> {
  for (const reader of readers) {
    const path = join(directory, reader.fileName(context))
    const text = readPinText(path, context)
    if (text !== undefined) yield* reader.parse(text, path, context)
  }
}

/** The pins of `$TOOL_HOME/version`. */
export function globalPins(context: Context): readonly Pin[] {
  const path = context.layout.globalPins
  const text = readPinText(path, context, 'move it away, or set TOOL_HOME to another folder')
  return text === undefined ? [] : parseOurs(text, path, context, () => toolchainOfGlobalSpecs(context))
}

function parseOurs(
  text: string,
  path: string,
  {log, cwd}: Context,
  defaultToolchain: () => string,
): readonly Pin[] {
  return parsePinText(text, path, {defaultToolchain, log, cwd}).pins
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
