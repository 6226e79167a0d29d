import {spawn} from 'node:child_process'
import type {Environment} from '../base/context.ts'
import {asSystemProgram} from './process-table.ts'

/** An opener that fails does so at once; one that still runs may be the browser itself. */
const patience = 1000

/**
 * Opens an address in the person's browser: the program that `BROWSER` names, else the one that the system has for it.
 * @param platform as Node's `process.platform`
 * @returns false where there is none: no display, no opener, `BROWSER=none`, or one that failed
 */
export async function openUrl(url: string, env: Environment, platform: string): Promise<boolean> {
  const opener = openerFor(env, platform)
  if (opener === undefined) return false
  const [file = '', ...args] = opener
  const {promise, resolve} = Promise.withResolvers<boolean>()
  // Windows would look for the program in the working directory first.
  const own = platform === 'win32' ? asSystemProgram : {}
  const child = spawn(file, [...args, url], {env, stdio: 'ignore', detached: true, ...own})
  child.once('error', () => resolve(false))
  child.once('exit', code => resolve(code === 0))
  const timer = setTimeout(() => resolve(true), patience)
  const opened = await promise
  clearTimeout(timer)
  child.unref()
  return opened
}

function openerFor(env: Environment, platform: string): string[] | undefined {
  if (env.BROWSER === 'none') return undefined
  if (env.BROWSER) return [env.BROWSER]
  switch (platform) {
    case 'darwin':
      return ['open']
    case 'win32':
      return ['rundll32', 'url.dll,FileProtocolHandler']
    default:
      return env.DISPLAY || env.WAYLAND_DISPLAY || env.WSL_DISTRO_NAME ? ['xdg-open'] : undefined
  }
}
