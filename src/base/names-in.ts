import {readdirSync} from 'node:fs'

/** What is in a folder; nothing where there is none, or where one may not look. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
