import {join} from 'node:path'
import {expect, test} from 'vitest'
import {checkPrograms} from '../../src/supervise/check-programs.ts'
import {planTasks} from '../../src/supervise/plan.ts'
import {readSuperviseFile} from '../../src/supervise/read-file.ts'
import {afterExit, withExit} from '../../src/supervisor/policy.ts'
import {type Sandbox, sandbox} from '../support/sandbox.ts'

async function planned(box: Sandbox, text: string) {
  const path = box.write('dev.toml', text)
  const read = await readSuperviseFile(path, {})
  return {read, ...planTasks(read, path, {env: {PATH: '/usr/bin:/bin', FOO: '1'}, color: false})}
}

async function refusal(text: string) {
  await using box = sandbox()
  try {
    const {read, tasks} = await planned(box, text)
    checkPrograms(read, tasks)
  } catch (error) {
    const {code, message, exitCode} = error as Record<string, unknown>
    return {code, message: String(message).replaceAll(`${box.project}/`, ''), exitCode}
  }
  throw new Error('it was taken')
}

test('paths are relative to the file, variables are added, ids are made from programs', async () => {
  await using box = sandbox()
  const {tasks, socket, logs} = await planned(
    box,
    'socket = "run/x.sock"\nlogs = {size = "1.5MB"}\n[[task]]\ncommand = "bin/serve.sh"\ncwd = "sub"\nenvs = {A = 1}\n[[task]]\ncommand = "node"\n[[task]]\ncommand = "/usr/bin/node"\n[[task]]\ncommand = "x"\nname = "node-2"\n',
  )
  expect(socket).toBe(join(box.project, 'run/x.sock'))
  expect(logs).toEqual({maxSize: 1_500_000})
  expect(tasks[0]?.spec).toMatchObject({
    id: 'serve.sh',
    label: 'serve.sh',
    file: join(box.project, 'bin/serve.sh'),
    cwd: join(box.project, 'sub'),
    env: {A: '1', FOO: '1'},
    stdin: 'none',
    grace: 5000,
    readiness: {by: 'spawn'},
    restart: {restart: 'temporary'},
    ipc: {root: join(box.project, 'sub'), mode: 'serve'},
  })
  expect(tasks.map(({spec}) => spec.id)).toEqual(['serve.sh', 'node', 'node-3', 'node-2'])
})

test('retry-limit N means N restarts, however far apart, and retry-factor grows by itself', async () => {
  await using box = sandbox()
  const {tasks} = await planned(
    box,
    '[[task]]\ncommand = "a"\ndaemon = true\nretry-limit = 3\nretry-factor = 100\n',
  )
  const policy = tasks[0]?.spec.restart
  if (policy === undefined) throw new Error('there is no task')
  let history = {exits: [] as {at: number; code: number; signal: null}[], wasReady: true} as Parameters<
    typeof withExit
  >[1]
  const decisions = [1, 2, 3, 4].map(hour => {
    const at = hour * 3_600_000
    history = withExit(policy, history, {at, code: 1, signal: null})
    return afterExit(policy, history, at, 0.9)
  })
  expect(decisions).toEqual([
    {kind: 'restart', delay: 100, attempt: 1},
    {kind: 'restart', delay: 200, attempt: 2},
    {kind: 'restart', delay: 300, attempt: 3},
    {kind: 'give-up', reason: 'gave-up'},
  ])
})

test('retry-limit 0 means never, as psup has it; restart outweighs daemon', async () => {
  await using box = sandbox()
  const {tasks} = await planned(
    box,
    '[[task]]\ncommand = "a"\ndaemon = true\nretry-limit = 0\n[[task]]\ncommand = "b"\ndaemon = true\nrestart = "transient"\n[[task]]\ncommand = "c"\ndaemon = true\n',
  )
  expect(tasks.map(({spec}) => spec.restart.restart)).toEqual(['temporary', 'transient', 'permanent'])
})

const task = (name: string, more = '') => `[[task]]\ncommand = "sh"\nname = "${name}"\n${more}\n`

test.each([
  ['a name used twice', task('a') + task('a'), "dev.toml:7: task 2: name: a is another task's, too"],
  [
    'id and name',
    '[[task]]\ncommand = "sh"\nid = "a"\nname = "b"\n',
    'dev.toml:4: task 1: name: says the same as id, which is there, too',
  ],
  [
    'two limits',
    task('a', 'retry-limit = 1\nmax-restarts = 2'),
    'dev.toml:5: task 1: max-restarts: says the same as retry-limit, which is there, too',
  ],
  ['after itself', task('a', 'after = ["a"]'), "dev.toml:4: task 1: after: a can't come after itself"],
  ['after nobody', task('a', 'after = ["b"]'), 'dev.toml:4: task 1: after: there is no task b'],
  [
    'a circle',
    task('a', 'after = ["b"]') + task('b', 'after = ["c"]') + task('c', 'after = ["a"]'),
    'dev.toml:4: task 1: after: goes in a circle: a → b → c → a',
  ],
  [
    'no line to wait for',
    task('a', 'ready = {by = "line"}'),
    'dev.toml:4: task 1: ready: lacks the pattern of the line',
  ],
  [
    'no address in the pattern',
    task('a', 'ready = {by = "server", pattern = "up"}'),
    'dev.toml:4: task 1: ready: the pattern has no group of the name url or port',
  ],
  [
    'no socket to be ready on',
    task('a', 'detached = true\nready = "protocol"'),
    'dev.toml:5: task 1: ready: a detached task has no socket to say so on',
  ],
  [
    'two that are typed to',
    task('a', 'stdin = "inherit"') + task('b', 'stdin = "inherit"'),
    'dev.toml:8: task 2: stdin: only one task can have what is typed',
  ],
  ['no such folder', task('a', 'cwd = "none"'), 'dev.toml:4: task 1: cwd: there is no folder none'],
])('%s is one error, with its line', async (_, text, message) => {
  expect(await refusal(text)).toEqual({code: 'SUPERVISE_FILE_INVALID', exitCode: 3, message})
})

test.each([
  ['on PATH', 'no-such-program', 'there is no no-such-program on PATH'],
  ['at a path', './no-such-program', 'no-such-program is no program that you may run'],
  ['that may be run', './dev.toml', 'dev.toml is no program that you may run'],
])('a program that is not %s is told before anything starts', async (_, command, why) => {
  expect(await refusal(`[[task]]\ncommand = "sh"\n[[task]]\ncommand = "${command}"\nname = "x"\n`)).toEqual({
    code: 'TASK_COMMAND_MISSING',
    exitCode: 127,
    message: `dev.toml:4: task x: ${why}`,
  })
})

test('a program that another task makes may be missing at first', async () => {
  await using box = sandbox()
  const {read, tasks} = await planned(box, `${task('a')}[[task]]\ncommand = "./made"\nafter = ["a"]\n`)
  expect(() => checkPrograms(read, tasks)).not.toThrow()
})
