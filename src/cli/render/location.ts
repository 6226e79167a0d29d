import {readFileSync} from 'node:fs'
import {relative} from 'node:path'
import {fileURLToPath} from 'node:url'
import type {Diagnostic} from '../../model/diagnostic.ts'

/** The file of a diagnostic, relative to `cwd` where it lies below it; undefined if it is about no file. */
export function fileOf({uri}: Pick<Diagnostic, 'uri'>, cwd: string): string | undefined {
  if (!uri.startsWith('file:') || uri.endsWith('/')) return undefined
  const path = fileURLToPath(uri)
  const short = relative(cwd, path)
  return short !== '' && !short.startsWith('..') ? short : path
}

/** The text of a diagnostic's file, or undefined where it can't be read any more. */
export function sourceOf({uri}: Pick<Diagnostic, 'uri'>): string | undefined {
  try {
    return readFileSync(new URL(uri), 'utf8')
  } catch {
    return undefined
  }
}
