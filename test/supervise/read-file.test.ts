import {chmodSync, mkdirSync} from 'node:fs'
import {Ajv} from 'ajv'
import {expect, test} from 'vitest'
import {schemaFiles} from '../../scripts/schemas.ts'
import {superviseFileSchema} from '../../src/model/supervise-file.ts'
import {readSuperviseFile} from '../../src/supervise/read-file.ts'
import {sandbox} from '../support/sandbox.ts'

/** What a file is refused with, without the path of its folder. */
async function refusal(text: string | Uint8Array, name = 'dev.toml') {
  await using box = sandbox()
  const path = box.write(name, text)
  try {
    await readSuperviseFile(path, {})
  } catch (error) {
    const {code, message, hint, exitCode} = error as Record<string, unknown>
    return {code, message: String(message).replaceAll(`${box.project}/`, ''), hint, exitCode}
  }
  throw new Error('it was taken')
}

test.each([
  ['no task', '', 'dev.toml is empty'],
  ['only blanks', ' \n\t\n', 'dev.toml is empty'],
  ['other keys only', 'socket = "x"\n', 'dev.toml: task: there is none; each begins with [[task]]'],
  ['no command', '[[task]]\nargs = []\n', 'dev.toml:1: task 1: command: is missing'],
  ['an empty command', '[[task]]\ncommand = ""\n', 'dev.toml:2: task 1: command: is empty'],
  [
    'a wrong type',
    '\n[[task]]\ncommand = "a"\n[[task]]\ncommand = "b"\ndaemon = 1\n',
    'dev.toml:6: task 2: daemon: is the number 1, where true or false is wanted',
  ],
  ['no TOML', '[[task]]\ncommand = \n', 'dev.toml:2: is not valid TOML: invalid value'],
  [
    'a bad span',
    '[[task]]\ncommand = "a"\ngrace = "5"\n',
    'dev.toml:3: task 1: grace: is no span of time such as "500ms", "5s" or "2m"',
  ],
  [
    'a bad pattern',
    '[[task]]\ncommand = "a"\n[task.ready]\nby = "line"\npattern = "("\n',
    'dev.toml:5: task 1: ready.pattern: is no regular expression',
  ],
  [
    'a bad id',
    '[[task]]\ncommand = "a"\nid = "a b"\n',
    'dev.toml:3: task 1: id: is no name of a task: letters, digits, ".", "_" and "-", at most 64',
  ],
  [
    'two spellings',
    '[[task]]\ncommand = "a"\nretry-limit = 1\nretry_limit = 2\n',
    'dev.toml:3: task 1: retry-limit: retry_limit and retry-limit are the same; write one of them',
  ],
  [
    'a NUL in a word',
    '[[task]]\ncommand = "a"\nargs = ["\\u0000"]\n',
    'dev.toml:3: task 1: args.0: holds a NUL character',
  ],
  ['one bracket', '[task]\ncommand = "a"\n', 'dev.toml:1: task: each begins with two brackets: [[task]]'],
  [
    'a number for a span',
    '[[task]]\ncommand = "a"\ngrace = 5\n',
    'dev.toml:3: task 1: grace: is no span of time such as "500ms", "5s" or "2m"',
  ],
  [
    'a text for a list',
    '[[task]]\ncommand = "a"\nargs = "b"\n',
    'dev.toml:3: task 1: args: is a text in quotes, where a list is wanted',
  ],
  [
    'another word',
    '[[task]]\ncommand = "a"\nrestart = "always"\n',
    'dev.toml:3: task 1: restart: is "always", which is none of "permanent", "transient", "temporary"',
  ],
  [
    'a line without its pattern',
    '[[task]]\ncommand = "a"\nready = "line"\n',
    'dev.toml:3: task 1: ready: needs its pattern: ready = {by = "line", pattern = "…"}',
  ],
  [
    'logs that are true',
    'logs = true\n[[task]]\ncommand = "a"\n',
    'dev.toml:1: logs: is false, or a table with folder, size or count',
  ],
  ['too few logs', 'logs = {count = 0}\n[[task]]\ncommand = "a"\n', 'dev.toml:1: logs.count: is less than 1'],
  ['bytes that are no text', Buffer.from([0, 1, 2]), 'dev.toml is not UTF-8 text'],
  ['a megabyte', 'x'.repeat(1024 * 1024), 'dev.toml is too large: 1048576 bytes, where 524288 are plenty'],
])('%s is one error, with its line', async (_, text, message) => {
  expect(await refusal(text)).toMatchObject({code: 'SUPERVISE_FILE_INVALID', exitCode: 3, message})
})

test('an unknown key names the nearest one, in both spellings and in tables', async () => {
  expect(await refusal('[[task]]\ncommand = "a"\nretry_limt = 2\n')).toMatchObject({
    message: expect.stringMatching(/^dev\.toml:3: task 1: retry-limt: /),
    hint: 'did you mean "retry-limit"?',
  })
  expect(await refusal('[[task]]\ncommand = "a"\n[task.backoff]\ndelai = "1s"\n')).toMatchObject({
    message: expect.stringMatching(/^dev\.toml:4: task 1: backoff\.delai: /),
    hint: 'did you mean "delay"?',
  })
  expect(await refusal('[[tasks]]\ncommand = "a"\n')).toMatchObject({hint: 'did you mean "task"?'})
  expect(await refusal('[[task]]\ncommand = "a"\nready = "serve"\n')).toMatchObject({
    message: expect.stringMatching(/^dev\.toml:3: task 1: ready: is "serve", which is none of /),
    hint: 'did you mean "server"?',
  })
})

test('JSON has lines, too', async () => {
  const text =
    '{\n  "task": [\n    {"command": "a"},\n    {\n      "command": "b",\n      "daemn": true\n    }\n  ]\n}\n'
  expect(await refusal(text, 'dev.json')).toMatchObject({
    message: expect.stringMatching(/^dev\.json:6: task 2: daemn: /),
    hint: 'did you mean "daemon"?',
  })
  expect(await refusal('{"task": [}', 'dev')).toMatchObject({
    message: expect.stringMatching(/^dev is not valid JSON/),
  })
})

test('what is no file of one’s own is refused', async () => {
  await using box = sandbox()
  mkdirSync(`${box.project}/folder.toml`)
  await expect(readSuperviseFile(`${box.project}/folder.toml`, {})).rejects.toMatchObject({
    code: 'SUPERVISE_FILE_INVALID',
    message: `${box.project}/folder.toml is a folder`,
  })
  await expect(readSuperviseFile(`${box.project}/none.toml`, {})).rejects.toMatchObject({
    code: 'SUPERVISE_FILE_MISSING',
    exitCode: 2,
  })
  await expect(readSuperviseFile('/proc/self/mem', {})).rejects.toMatchObject({
    code: 'SUPERVISE_FILE_INVALID',
  })
  const path = box.write('mine.toml', '[[task]]\ncommand = "a"\n')
  chmodSync(path, 0o600)
  expect((await readSuperviseFile(path, {})).file.task).toHaveLength(1)
})

const full = `
#:schema ./supervise.schema.json
socket = "run/dev.sock"
logs = {folder = "logs", size = "5MB", count = 2}

[[task]]
id = "api"
command = "node"
args = ["api.js"]
envs = {PORT = 3000, DEBUG = true, some_thing = "kept", other-thing = "kept"}
cwd = "api"
restart = "transient"
final_exit_codes = [2]
max-restarts = 3
window = "1m"
reset_after = "10s"
grace = "2s"
stdin = "open"
mode = "serve"
[task.backoff]
delay = "50ms"
factor = 1.5
growth = "exponential"
max = "5s"
jitter = 0
[task.ready]
by = "server"
pattern = 'at (?<url>\\S+)'
timeout = "1m"

[[task]]
command = "psup"
daemon = true
detached = true
retry_limit = 3
retry-factor = 100
after = ["api"]
`

test('every key is read, in kebab-case or snake_case; names of variables stay', async () => {
  await using box = sandbox()
  const {file} = await readSuperviseFile(box.write('dev', `\uFEFF${full.replaceAll('\n', '\r\n')}`), {})
  expect(file.task[0]).toMatchObject({
    envs: {PORT: 3000, DEBUG: true, some_thing: 'kept', 'other-thing': 'kept'},
    'final-exit-codes': [2],
    'reset-after': '10s',
  })
  expect(file.task[1]).toMatchObject({'retry-limit': 3, 'retry-factor': 100})
  // The example has all there is.
  const known = Object.keys(superviseFileSchema.shape.task.element.shape)
  const used = new Set(file.task.flatMap(Object.keys))
  expect(known.filter(key => !used.has(key))).toEqual(['name'])
})

test('the published schema takes what is taken, and refuses what is refused', async () => {
  const {parse} = await import('smol-toml')
  const schema = JSON.parse(schemaFiles()['supervise.schema.json'] ?? '')
  const validate = new Ajv({strict: false, validateFormats: false}).compile(schema)
  expect(validate(parse(full)), JSON.stringify(validate.errors)).toBe(true)
  expect(validate(parse('[[task]]\ncommand = "a"\nretry_limt = 1\n'))).toBe(false)
  expect(validate(parse('[[task]]\nargs = []\n'))).toBe(false)
})
