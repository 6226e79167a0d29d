import {dirname} from 'node:path'
import type {Context} from '../base/context.ts'
import {Exit, errnoOf, UserError} from '../base/errors.ts'
import {readTextIfAny, writeFileAtomic} from '../base/files.ts'
import {realPathIfAny} from '../base/real-path.ts'

/** How this release lays out a store. A release that changes it counts on, and brings older stores along. */
const ownSchema = 1

/**
 * Sees to it that nothing is written into a store of which this release doesn't know how it is laid out. One without a
 * word of its schema is of the first kind.
 * @throws UserError STORE_NEWER, STORE_INVALID
 */
export function checkStoreSchema({layout}: Pick<Context, 'layout'>): void {
  const schema = storedSchema(layout.store)
  if (schema === undefined || schema === ownSchema) return
  if (schema > ownSchema) {
    throw new UserError({
      code: 'STORE_NEWER',
      message: `the store in ${layout.home} was written by a newer tool, which lays it out in another way (schema ${schema}, this one knows ${ownSchema}; set by ${layout.store})`,
      hint: 'install that release of toolversion here too, or set TOOL_HOME to another folder',
      exitCode: Exit.notInstalled,
    })
  }
  throw invalid(layout.store, `${schema} is the schema of no release`)
}

/** Writes down how the store is laid out, where nothing says so yet. */
export function writeStoreSchema({layout}: Pick<Context, 'layout'>): void {
  if (storedSchema(layout.store) === undefined)
    writeFileAtomic(layout.store, `${JSON.stringify({schema: ownSchema})}\n`)
}

function storedSchema(path: string): number | undefined {
  const text = textOf(path)
  if (text === undefined) return undefined
  const {schema} = (parse(text) ?? {}) as {schema?: unknown}
  if (typeof schema !== 'number' || !Number.isInteger(schema)) throw invalid(path, 'it names no schema')
  return schema
}

/** What is in the way of the file is told as that: the words for the home would have a person move all of it away. */
function textOf(path: string): string | undefined {
  try {
    return readTextIfAny(path)
  } catch (error) {
    // A home that is a link to itself has no file of any name.
    if (realPathIfAny(dirname(path)) === undefined) throw error
    throw invalid(path, `it can't be read (${errnoOf(error)})`)
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function invalid(path: string, why: string): UserError {
  return new UserError({
    code: 'STORE_INVALID',
    message: `${path} does not say how the store is laid out: ${why}`,
    hint: 'if this release wrote the store, remove the file: it is written again',
    exitCode: Exit.notInstalled,
  })
}
