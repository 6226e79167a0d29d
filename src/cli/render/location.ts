import {readFileSync} from 'node:fs'
import {isAbsolute, relative} from 'node:path'
import type {Diagnostic} from '../../model/diagnostic.ts'
import {localPath} from '../../model/uri.ts'

/**
 * The file of a diagnostic, relative to `cwd` where it lies below it; undefined if it is about no file of this machine,
 * whatever a compiler may have called it.
 */
export function fileOf({uri}: Pick<Diagnostic, 'uri'>, cwd: string): string | undefined {
  const path = pathOf(uri)
  if (path === undefined) return undefined
  const short = relative(cwd, path)
  return short !== '' && !short.startsWith('..') && !isAbsolute(short) ? short : path
}

/** Reads files by the URIs of diagnostics, each once: many diagnostics are about the same file. */
export function sourceReader(): (uri: string) => readonly string[] | undefined {
  const known = new Map<string, readonly string[] | undefined>()
  return uri => {
    if (!known.has(uri)) known.set(uri, readLines(uri))
    return known.get(uri)
  }
}

function readLines(uri: string): readonly string[] | undefined {
  const path = pathOf(uri)
  if (path === undefined) return undefined
  try {
    return readFileSync(path, 'utf8').split(/\r\n|\r|\n/)
  } catch {
    return undefined
  }
}

function pathOf(uri: string): string | undefined {
  return uri.endsWith('/') ? undefined : localPath(uri)
}
