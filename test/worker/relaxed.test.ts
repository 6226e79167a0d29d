import {expect, test} from 'vitest'
import {type Program, startProgram} from '../support/programs.ts'
import {sandbox} from '../support/sandbox.ts'

const alone = () => {
  const {TOOL_IPC: _, ...env} = process.env
  return env
}

test('without a supervisor it compiles once, prints diagnostics for people, and exits with 1', async () => {
  await using box = sandbox()
  box.write('src/in.txt', 'fine\n  TODO\n')
  for (const args of [['src/in.txt'], ['build', 'src/in.txt']]) {
    await using program = startProgram('worker-ten-lines.ts', args, {cwd: box.project, env: alone()})
    expect(await program.ended).toEqual({code: 1, signal: null})
    expect(program.stderr).toBe('src/in.txt:2:3: error T1: something is left to do\n')
    expect(program.stdout).toBe('')
  }
  box.write('src/in.txt', 'fine\n')
  await using program = startProgram('worker-ten-lines.ts', ['src/in.txt'], {cwd: box.project, env: alone()})
  expect(await program.ended).toEqual({code: 0, signal: null})
  expect(program.stderr).toBe('')
})

test('warnings do not fail it; a diagnostic without code has none', async () => {
  await using program = startProgram('worker-all.ts', ['warning', 'mode'], {
    cwd: '/',
    env: alone(),
  })
  expect(await program.ended).toEqual({code: 0, signal: null})
  expect(program.stderr).toBe('app/b:1:1: warning: odd\ninfo: build\n')
})

test('what names no file of this machine is printed as it is', async () => {
  await using program = startProgram('worker-all.ts', ['elsewhere'], {env: alone()})
  expect(await program.ended).toEqual({code: 0, signal: null})
  expect(program.stderr).toBe('file://host/a:1:1: warning: odd\nfile:///a%2Fb:1:1: warning: odd\n')
})

test('a broken compiler says so in one line', async () => {
  await using program = startProgram('worker-all.ts', ['throw'], {env: alone()})
  expect(await program.ended).toEqual({code: 1, signal: null})
  expect(program.stderr).toBe('all: the compiler is broken\n')
})

test('serve prints the URL on stdout and stays', async () => {
  await using program = startProgram('worker-all.ts', ['serve', '--host', 'localhost', '--port=0'], {
    env: alone(),
  })
  const url = await firstLine(program)
  expect(url).toMatch(/^http:\/\/localhost:\d+\/$/)
  expect(await (await fetch(url)).text()).toBe('here')
})

test('a supervisor that is not there is an error in one line', async () => {
  await using box = sandbox()
  const env = {...process.env, TOOL_IPC: `${box.root}/nobody.sock`}
  await using program = startProgram('worker-all.ts', [], {env})
  expect(await program.ended).toEqual({code: 1, signal: null})
  expect(program.stderr).toMatch(/^all: connect ENOENT .*nobody\.sock\n$/)
})

function firstLine({process: {stdout}}: Program): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    stdout?.on('data', chunk => {
      text += chunk
      if (text.includes('\n')) resolve(text.trim())
    })
    stdout?.on('end', () => reject(new Error('it ended')))
  })
}
