import {readFileSync} from 'node:fs'
import type {Context} from '../base/context.ts'

interface Files {
  projectFile: string
  userFile: string
  /** npm's settings as they hold. */
  used: Readonly<Record<string, unknown>>
}

/** Tells, in one line of the log, which registries a project's `.npmrc` asks for that are not the ones in use. */
export function noteProjectRegistries({log}: Context, {projectFile, userFile, used}: Files): void {
  const others = registriesIn(projectFile).filter(([key, url]) => !isSame(url, used[key]))
  if (others.length === 0) return
  const keys = others.map(([key]) => key)
  const variable = keys.includes('registry') ? ', or set npm_config_registry' : ''
  log.info(
    `${projectFile} sets ${keys.join(' and ')}, which is not used: a project does not choose the registry; ` +
      `to use it, put it into ${userFile}${variable}`,
  )
}

function registriesIn(file: string): [key: string, url: string][] {
  const lines = readIfReadable(file).matchAll(/^\s*((?:@[\w.~-]+:)?registry)\s*=\s*["']?([^\s"']*)/gm)
  return [...lines].map(([, key = '', url = '']) => [key, url])
}

/** Only a note depends on it. */
function readIfReadable(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function isSame(url: string, used: unknown): boolean {
  return typeof used === 'string' && used.replace(/\/$/, '') === url.replace(/\/$/, '')
}
