import {execFile} from 'node:child_process'
import {cpSync, mkdirSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {describe, expect, test} from 'vitest'
import {packageRoot, type Sandbox, sandbox} from '../support/sandbox.ts'
import {putVersion, writeProgram} from '../support/store.ts'
import {tool} from '../support/tool.ts'

const run = promisify(execFile)

/** Where the scripts below find `tool` before the shell is set up, as a person's PATH does. */
function withTool(box: Sandbox): string {
  const bin = join(box.root, 'bin')
  writeProgram(
    join(bin, 'tool'),
    `#!/bin/sh\nexec '${process.execPath}' '${join(packageRoot, 'bin/tool.cjs')}' "$@"\n`,
  )
  return bin
}

const flags: Record<string, string[]> = {
  bash: ['--norc', '--noprofile'],
  zsh: ['-f'],
  fish: ['--no-config'],
}

async function inShell(
  box: Sandbox,
  shell: string,
  script: string,
  env: Record<string, string> = {},
): Promise<{stdout: string; stderr: string; code: number}> {
  const path = `${withTool(box)}:${process.env.PATH}`
  const options = {cwd: box.project, env: {HOME: box.root, PATH: path, PWD: box.project, ...env}}
  const ran = run(shell, [...(flags[shell] ?? []), '-c', script], options)
  return ran.then(
    ({stdout, stderr}) => ({stdout, stderr, code: 0}),
    ({stdout, stderr, code}) => ({stdout, stderr, code}),
  )
}

const init: Record<string, string> = {
  bash: 'eval "$(tool init bash)"',
  zsh: 'eval "$(tool init zsh)"',
  fish: 'tool init fish | source',
}

describe.each(['bash', 'zsh', 'fish'])('%s', shell => {
  const setUp = init[shell] ?? ''
  const printPath = shell === 'fish' ? 'string join : $PATH' : 'printf "%s\\n" "$PATH"'

  test('puts the shims first on PATH, once, wherever they were', async () => {
    await using box = sandbox()
    const shims = box.context.layout.shims
    const bin = withTool(box)
    const PATH = `${bin}:/usr/bin:${shims}:${shims}:/bin:${shims}`
    const nested = `${shell} ${flags[shell]?.join(' ')} -c '${setUp}; ${printPath}'`
    const ran = await inShell(box, shell, `${setUp}; ${setUp}; ${printPath}; ${nested}`, {PATH})
    const expected = `${shims}:${bin}:/usr/bin:/bin\n`
    expect(ran).toEqual({code: 0, stderr: '', stdout: expected + expected})
  })

  test('tool shell acts on the shell, - goes back, --unset gives the files their say', async () => {
    await using box = sandbox()
    for (const version of ['5.8.2', '5.9.3']) putVersion(box, 'typescript', version, {executables: ['tsc']})
    putVersion(box, 'esbuild', '0.28.2')
    box.write('.toolversion', 'typescript 5.9.3\n')
    const script = `${setUp}
tool shell 5.8.2
tool shell
tool current
tool shell typescript@5.9 esbuild@0.28.2
tool current
tool shell -
tool shell
tool shell -
tool shell
tool shell --unset typescript esbuild
tool current
tool shell --help
`
    const {stdout, stderr, code} = await inShell(box, shell, script)
    expect(stderr).toBe('')
    expect(code).toBe(0)
    expect(stdout.replaceAll(/ +/g, ' ')).toMatch(
      new RegExp(
        [
          '^5.8.2',
          'typescript 5.8.2 \\(set by TOOL_TYPESCRIPT_VERSION\\)',
          'typescript 5.9.3 \\(5.9, set by TOOL_TYPESCRIPT_VERSION\\)',
          'esbuild 0.28.2 \\(set by TOOL_ESBUILD_VERSION\\)',
          '5.8.2',
          '5.9',
          'typescript 5.9.3 \\(set by .toolversion:1\\)',
          'Pin versions for the current shell',
        ].join('\n'),
      ),
    )
    expect(stdout).toContain('USAGE')
  })

  test('a version that is not there changes nothing', async () => {
    await using box = sandbox()
    const show = 'echo "[$TOOL_TYPESCRIPT_VERSION]"'
    const fail = shell === 'fish' ? 'or echo failed' : '|| echo failed'
    const separator = shell === 'fish' ? '; ' : ' '
    const script = `${setUp}\ntool shell --no-install 5.8.2${separator}${fail}\n${show}`
    const {stdout, stderr} = await inShell(box, shell, script)
    expect(stdout).toBe('failed\n[]\n')
    expect(stderr).toMatch(/^error VERSION_NOT_INSTALLED: typescript 5\.8\.2/)
  })

  test('homes and places with blanks and quotes', async () => {
    await using box = sandbox()
    const odd = join(box.root, `it's "a" $HOME \\ [b]*`)
    mkdirSync(join(odd, 'bin'), {recursive: true})
    for (const part of ['bin', 'shell', 'shims', 'toolchains', 'package.json'])
      cpSync(join(packageRoot, part), join(odd, 'tool', part), {recursive: true})
    symlinkSync(join(packageRoot, 'dist'), join(odd, 'tool', 'dist'))
    symlinkSync(join(packageRoot, 'node_modules'), join(odd, 'tool', 'node_modules'))
    const script = join(odd, 'tool', 'bin', 'tool.cjs')
    const home = join(odd, 'home')
    const printed = await tool(['init', shell], {
      cwd: box.project,
      env: {HOME: box.root, TOOL_HOME: home},
      script,
    })
    const file = join(box.root, 'init')
    writeFileSync(file, printed.stdout)
    const ran = await inShell(box, shell, `source ${file}; ${printPath}; tool root`, {PATH: '/usr/bin:/bin'})
    expect(ran).toEqual({code: 0, stderr: '', stdout: `${home}/shims:/usr/bin:/bin\n${home}\n`})
  })

  test('what was moved is looked for on PATH', async () => {
    await using box = sandbox()
    const printed = await tool(['init', shell], {cwd: box.project, env: {HOME: box.root}})
    const file = join(box.root, 'init')
    writeFileSync(file, printed.stdout.replaceAll(join(packageRoot, 'bin'), join(packageRoot, 'gone')))
    const ran = await inShell(box, shell, `source ${file}; tool root`)
    expect(ran).toEqual({code: 0, stderr: '', stdout: `${join(box.root, '.tool')}\n`})
  })

  test('nothing is left to do at each prompt', async () => {
    await using box = sandbox()
    const {stdout} = await inShell(box, shell, `tool init ${shell}`)
    expect(stdout).not.toMatch(/PROMPT_COMMAND|precmd|chpwd|--on-(?:event|variable)|fish_prompt|PS1|DEBUG/)
  })
})

test.each([
  ['bash', 'set -euo pipefail'],
  ['bash', 'set -o posix -eu'],
  ['zsh', 'setopt errexit nounset ksharrays shwordsplit ksh_glob null_glob'],
  ['zsh', 'emulate sh; setopt errexit nounset'],
])('%s with %s', async (shell, options) => {
  await using box = sandbox()
  putVersion(box, 'typescript', '5.9.3')
  const script = `${options}; eval "$(tool init ${shell})"; tool shell 5.9.3; tool shell; unset PATH; eval "$('${process.execPath}' '${packageRoot}/bin/tool.cjs' init ${shell})"; printf '%s\\n' "$PATH"`
  const ran = await inShell(box, shell, script)
  expect(ran).toEqual({code: 0, stderr: '', stdout: `5.9.3\n${box.context.layout.shims}\n`})
})

test('init says where the line goes, and what it knows', async () => {
  await using box = sandbox()
  const options = {cwd: box.project, env: {HOME: box.root, PATH: '/usr/bin:/bin'}}
  const call = `'${process.execPath}' '${packageRoot}/bin/tool.cjs'`
  for (const [SHELL, file, line] of [
    ['/bin/bash', '~/.bashrc', `eval "$(${call} init bash)"`],
    ['/usr/bin/zsh', '~/.zshrc', `eval "$(${call} init zsh)"`],
    ['/usr/bin/fish', '~/.config/fish/config.fish', `${call} init fish | source`],
    ['/usr/bin/pwsh', '$PROFILE', `& ${call} init powershell | Out-String | Invoke-Expression`],
  ] as const) {
    const ran = await tool(['init'], {...options, env: {...options.env, SHELL}})
    const text = ran.stdout
    expect(ran.code).toBe(0)
    expect(text).toContain(` ${file}`)
    expect(text.split('\n')).toContain(line)
  }
  expect(await tool(['init', 'tcsh'], options)).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(
      /^error SHELL_UNKNOWN: "tcsh".*\n {2}try: name one of bash, zsh, fish, powershell/,
    ),
  })
})

test('without the function tool shell says how to get it', async () => {
  await using box = sandbox()
  putVersion(box, 'typescript', '5.9.3')
  const options = {cwd: box.project, env: {HOME: box.root, SHELL: '/bin/bash'}}
  expect(await tool(['shell', '5.9.3'], options)).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(
      /^error SHELL_NOT_SET_UP: .*\n {2}try: add this line to ~\/\.bashrc.*init bash/,
    ),
  })
  expect(await tool(['shell'], options)).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('error NO_SHELL_VERSION: no version of typescript is set in this shell'),
  })
  expect(await tool(['shell', '--hook=bash', '-'], options)).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('error NO_PREVIOUS_VERSION'),
  })
})

test('the code of bash and sh is clean', async () => {
  await using box = sandbox()
  const {stdout} = await inShell(box, 'bash', 'tool init bash | shellcheck -s bash -e SC2207 -')
  expect(stdout).toBe('')
})
