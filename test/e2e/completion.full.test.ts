import {execFileSync} from 'node:child_process'
import {existsSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {packageRoot, type Sandbox, sandbox} from '../support/sandbox.ts'
import {putVersion} from '../support/store.ts'
import {openTerminal, type Terminal} from '../support/terminal.ts'

const call = `'${process.execPath}' '${join(packageRoot, 'bin/tool.cjs')}'`

function withVersions(): Sandbox {
  const box = sandbox()
  for (const version of ['5.8.2', '5.9.3']) putVersion(box, 'typescript', version)
  putVersion(box, 'esbuild', '0.28.2')
  writeFileSync(join(box.project, 'a file.ts'), '')
  return box
}

const start: Record<string, string[]> = {
  bash: ['bash --norc --noprofile -i', `eval "$(${call} init bash)"`],
  zsh: ['zsh -f', `autoload -U compinit; compinit -u; setopt noautomenu; eval "$(${call} init zsh)"`],
  fish: ['fish --no-config', `${call} init fish | source`],
}

async function openShell(box: Sandbox, shell: string): Promise<Terminal> {
  const env = {HOME: box.root, PATH: process.env.PATH ?? '', TERM: 'xterm-256color'}
  const terminal = openTerminal({cwd: box.project, env})
  const [program = '', setUp = ''] = start[shell] ?? []
  terminal.type(program, 'Enter')
  terminal.type(setUp, 'Enter')
  terminal.type('clear; echo re""ady', 'Enter')
  await terminal.waitFor(/^ready/m)
  return terminal
}

describe.each(['bash', 'zsh', 'fish'])('%s', shell => {
  test.each([
    ['tool inst', 'tool install'],
    ['tool uninstall typescript@5.8', 'tool uninstall typescript@5.8.2'],
    ['tool uninstall es', 'tool uninstall esbuild@0.28.2'],
    ['tool prefix -t esbuild 0', 'tool prefix -t esbuild 0.28.2'],
    ['tool build --format=sa', 'tool build --format=sarif'],
    ['tool exec typescript@5.8.2 -- tsc a', 'tool exec typescript@5.8.2 -- tsc a\\ file.ts'],
  ])('%s becomes %s', async (typed, becomes) => {
    await using box = withVersions()
    await using terminal = await openShell(box, shell)
    terminal.type(typed, 'Tab')
    // After a toolchain's @ the versions come, which is one more TAB.
    if (typed.endsWith(' es')) {
      await terminal.waitFor(/esbuild@/)
      terminal.type('Tab')
    }
    const pattern = becomes.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
    expect(await terminal.waitFor(new RegExp(pattern), 15_000)).toMatch(new RegExp(pattern))
  })

  test('several are listed, and what stands on the line is not run', async () => {
    await using box = withVersions()
    await using terminal = await openShell(box, shell)
    terminal.type('tool uninstall typescript@5.', 'Tab', 'Tab')
    const screen = await terminal.waitFor(/5\.9\.3[\s\S]*5\.8\.2|5\.8\.2[\s\S]*5\.9\.3/, 15_000)
    expect(screen).not.toContain('esbuild@')
    await using other = await openShell(box, shell)
    other.type('tool uninstall "$(touch ran)" typescript@5.8', 'Tab')
    await other.waitFor(/touch ran\)" typescript@5\.8\.2/, 15_000)
    expect(existsSync(join(box.project, 'ran'))).toBe(false)
  })
})

test('fish completes with descriptions, without a terminal', async () => {
  await using box = withVersions()
  const ask = (line: string) =>
    execFileSync(
      'fish',
      ['--no-config', '-c', `${call} init fish | source; complete -C ${JSON.stringify(line)}`],
      {
        cwd: box.project,
        env: {HOME: box.root, PATH: process.env.PATH},
        encoding: 'utf8',
      },
    )
  expect(ask('tool inst')).toMatch(/^install\tInstall versions/)
  expect(ask('tool uninstall typescript@5.8')).toBe('typescript@5.8.2\tinstalled\n')
})

test('on a terminal init says what to do, and is not evaluated', async () => {
  await using box = withVersions()
  const env = {HOME: box.root, PATH: process.env.PATH ?? '', TERM: 'xterm-256color'}
  await using terminal = openTerminal({cwd: box.project, env})
  terminal.type(`${call} init zsh`, 'Enter')
  const screen = await terminal.waitFor(/^eval "\$\(/m, 15_000)
  expect(screen).toMatch(/add this line at the end of ~\/\.zshrc/)
  expect(screen).not.toContain('function')
})
