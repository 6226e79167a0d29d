import {execFileSync} from 'node:child_process'
import {chmodSync, chownSync, mkdirSync, symlinkSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {findPin} from '../../src/pin/find.ts'
import {findProject} from '../../src/pin/project.ts'
import {readPinText} from '../../src/pin/read.ts'
import {builtin} from '../support/definitions.ts'
import {sandbox} from '../support/sandbox.ts'

test('no file is no text', async () => {
  await using box = sandbox()
  expect(readPinText(join(box.project, '.toolversion'), box.context)).toBeUndefined()
  expect(readPinText(join(box.write('file', ''), '.toolversion'), box.context)).toBeUndefined()
})

test('a folder in place of the global pins is not blamed on the name of pin files', async () => {
  await using box = sandbox()
  mkdirSync(box.context.layout.globalPins, {recursive: true})
  expect(() => findPin(box.context, builtin, 'typescript')).toThrow(
    expect.objectContaining({
      code: 'PIN_FILE_NOT_A_FILE',
      hint: 'move it away, or set TOOL_HOME to another folder',
    }),
  )
})

test.each([
  ['to nothing', 'nowhere', /link to nothing/],
  ['to itself', '.toolversion', /leads back to itself/],
])('a link %s is told of, with what helps', async (_, target, hint) => {
  await using box = sandbox()
  symlinkSync(target, join(box.project, '.toolversion'))
  const failure = {code: 'PIN_FILE_UNREADABLE', exitCode: 3, hint: expect.stringMatching(hint)}
  expect(() => findPin(box.context, builtin, 'typescript')).toThrow(expect.objectContaining(failure))
  expect(findProject(box.context, builtin)).toEqual({root: box.project})
})

test.each<[string, (path: string) => void, string]>([
  ['a folder', path => mkdirSync(path), 'PIN_FILE_NOT_A_FILE'],
  ['a pipe', path => execFileSync('sh', ['-c', 'mkfifo "$1"', 'sh', path]), 'PIN_FILE_NOT_A_FILE'],
  ['a device', path => symlinkSync('/dev/zero', path), 'PIN_FILE_NOT_A_FILE'],
  ['a loop of links', path => symlinkSync(path, path), 'PIN_FILE_UNREADABLE'],
])('%s is refused', async (_, make, code) => {
  await using box = sandbox()
  make(join(box.project, '.toolversion'))
  expect(() => findPin(box.context, builtin, 'typescript')).toThrow(
    expect.objectContaining({code, exitCode: 3, message: expect.stringMatching(/^\.toolversion /)}),
  )
})

test.each<[string, string | Uint8Array, string]>([
  ['NULs', '5.9.3\0', 'PIN_FILE_BINARY'],
  ['what is no UTF-8', Uint8Array.of(0x35, 0xff, 0xfe), 'PIN_FILE_BINARY'],
  ['a megabyte', `# ${'x'.repeat(1_000_000)}\n5.9.3\n`, 'PIN_FILE_TOO_LARGE'],
])('a file of %s is refused', async (_, content, code) => {
  await using box = sandbox()
  box.write('.toolversion', content)
  expect(() => findPin(box.context, builtin, 'typescript')).toThrow(
    expect.objectContaining({code, exitCode: 3}),
  )
})

test('a link to a pin file is read, and its pins come from the link', async () => {
  await using box = sandbox()
  box.write('shared/pins', '5.9.3')
  symlinkSync('shared/pins', join(box.project, '.toolversion'))
  expect(findPin(box.context, builtin, 'typescript')).toMatchObject({
    origin: {path: join(box.project, '.toolversion'), line: 1},
    baseDirectory: box.project,
  })
})

// Only root can give files away, and root reads everything: each half runs as whoever the tests run as.
const asRoot = process.getuid?.() === 0
const stranger = 65_534

test.runIf(asRoot)('a file of another user is refused, unless that user called sudo', async () => {
  await using box = sandbox()
  const path = box.write('.toolversion', '5.9.3')
  chownSync(path, stranger, stranger)
  expect(() => findPin(box.context, builtin, 'typescript')).toThrow(
    expect.objectContaining({
      code: 'PIN_FILE_NOT_YOURS',
      exitCode: 3,
      hint: expect.stringContaining('chown'),
    }),
  )
  const underSudo = box.at({env: {SUDO_UID: String(stranger)}})
  expect(findPin(underSudo, builtin, 'typescript').specs).toMatchObject([{version: '5.9.3'}])
})

test.runIf(asRoot)('another user reads files of root, and not what is closed to them', async () => {
  await using box = sandbox()
  const path = box.write('.toolversion', '5.9.3')
  chmodSync(box.root, 0o755)
  const env = {PIN_FILE: path, MODULE: new URL('../../src/pin/read.ts', import.meta.url).href}
  const read = () =>
    execFileSync(process.execPath, ['--input-type=module', '-e', readAsStranger], {encoding: 'utf8', env})
  expect(read()).toBe('5.9.3')
  chmodSync(path, 0o600)
  expect(read()).toMatch(/^PIN_FILE_UNREADABLE it is another user's \(uid 0\); make it yours: sudo chown/)
  chownSync(path, stranger, stranger)
  chmodSync(path, 0)
  expect(read()).toMatch(/^PIN_FILE_UNREADABLE make it readable: chmod u\+r /)
  chmodSync(box.project, 0o700)
  expect(read()).toMatch(/^PIN_FILE_UNREADABLE the folder is closed to you/)
  chmodSync(box.project, 0o755)
  chmodSync(path, 0o644)
  chownSync(path, 1, 1)
  expect(read()).toMatch(/^PIN_FILE_NOT_YOURS /)
})

const readAsStranger = `
  const {readPinText} = await import(process.env.MODULE)
  process.setgid(${stranger})
  process.setuid(${stranger})
  try { process.stdout.write(readPinText(process.env.PIN_FILE, {env: {}, cwd: '/'})) }
  catch (error) { process.stdout.write(error.code + ' ' + error.hint) }
`
