import {execFileSync} from 'node:child_process'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {setTimeout as wait} from 'node:timers/promises'

export interface Terminal extends AsyncDisposable {
  /** Types keys as tmux names them: a text, `Enter`, `C-c`. */
  type(...keys: string[]): void
  screen(): string
  /** Whether the cursor can be seen. */
  hasCursor(): boolean
  /** Resolves with the screen that matches; rejects with the last one after `timeout` ms. */
  waitFor(pattern: RegExp, timeout?: number): Promise<string>
}

/** A real terminal (tmux) with a plain shell in it. */
export function openTerminal({cwd, env}: {cwd: string; env: Record<string, string>}): Terminal {
  const folder = mkdtempSync(join(tmpdir(), 'toolversion-tmux-'))
  const tmux = (...args: string[]) =>
    execFileSync('tmux', ['-S', join(folder, 'socket'), '-f', '/dev/null', ...args], {encoding: 'utf8'})
  const set = Object.entries(env).map(([name, value]) => `${name}=${value}`)
  tmux(
    'new-session',
    '-d',
    '-x',
    '120',
    '-y',
    '40',
    '-c',
    cwd,
    'env',
    '-u',
    'CI',
    'PS1=$ ',
    ...set,
    'bash',
    '--norc',
    '--noprofile',
  )
  const screen = () => tmux('capture-pane', '-p')
  return {
    type: (...keys) => void tmux('send-keys', ...keys),
    screen,
    hasCursor: () => tmux('display-message', '-p', '#{cursor_flag}').trim() === '1',
    async waitFor(pattern, timeout = 60_000) {
      const end = Date.now() + timeout
      for (;;) {
        const now = screen()
        if (pattern.test(now)) return now
        if (Date.now() > end) throw new Error(`not on the screen: ${pattern}\n${now}`)
        // tmux tells of no changes, so the screen is looked at again and again.
        await wait(50)
      }
    },
    async [Symbol.asyncDispose]() {
      tmux('kill-server')
      rmSync(folder, {recursive: true, force: true})
    },
  }
}
