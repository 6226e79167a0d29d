import {fileURLToPath} from 'node:url'

/** Longest URI, in UTF-16 units. No system has longer paths. */
export const maxUriLength = 16_384

/** Whether it names something by itself. A letter before the colon is a Windows drive, and no scheme. */
export function isAbsoluteUri(text: string): boolean {
  return /^[a-z][a-z0-9+.-]+:/i.test(text) && URL.canParse(text)
}

/** The path behind a `file:` URI; undefined if it names no file of this machine. */
export function localPath(uri: string): string | undefined {
  if (!/^file:\/\//i.test(uri)) return undefined
  try {
    return fileURLToPath(uri)
  } catch {
    // Another host, a slash that is escaped, an escape that is none.
    return undefined
  }
}
