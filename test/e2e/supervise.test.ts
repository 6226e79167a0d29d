import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {createServer} from 'node:net'
import {join} from 'node:path'
import {expect, test, vi} from 'vitest'
import {liveRecords} from '../../src/supervisor/control-record.ts'
import {connectControl} from '../../src/supervisor/index.ts'
import {carriersOf, watchdogsOf} from '../support/carriers.ts'
import {machinePath, packageRoot, sandbox} from '../support/sandbox.ts'
import {fixture} from '../support/supervised.ts'
import {startTool, tool} from '../support/tool.ts'

/** A machine with files for `tool supervise`. */
function machine() {
  const box = sandbox()
  const env = {HOME: box.root, npm_config_registry: 'http://127.0.0.1:9/', MARK: box.root}
  const node = process.execPath
  const run = (...args: string[]) => tool(args, {cwd: box.project, env, node})
  return {
    box,
    run,
    start: (...args: string[]) => startTool(args, {cwd: box.project, env, node}),
    /** Writes a TOML file, in which NODE is this Node. */
    file: (text: string, name = 'dev.toml') => box.write(name, text.replaceAll('NODE', JSON.stringify(node))),
    /** Processes that have this sandbox in their environment. */
    left: () => carriersOf(box.root),
    async [Symbol.asyncDispose]() {
      if (liveRecords(box.context.layout).length > 0) await run('stop', '--all')
      await box[Symbol.asyncDispose]()
    },
  }
}

const sh = (script: string) => `command = "sh"\nargs = ["-c", ${JSON.stringify(script)}]\n`

test('runs tasks side by side, with their names before each line, and ends with the last that has an end', async () => {
  await using m = machine()
  m.file(`
    [[task]]
    name = "one"
    ${sh('echo out; echo err >&2; echo "$GREETING in $(basename "$PWD")"')}
    envs = {GREETING = "hello"}
    cwd = "sub"
    after = ["sh"]
    [[task]]
    ${sh('echo two; exec sleep 1000')}
    daemon = true
    ready = {by = "line", pattern = "two"}
  `)
  mkdirSync(join(m.box.project, 'sub'))
  const ran = await m.run('supervise', 'dev.toml')
  expect(ran.code).toBe(0)
  expect(
    ran.stdout
      .split('\n')
      .filter(line => line.startsWith('one'))
      .sort(),
  ).toEqual(['one │ hello in sub', 'one │ out'])
  expect(ran.stdout).toContain('sh │ two\n')
  expect(ran.stderr).toContain('one │ err\n')
  expect(ran.stderr).toContain('one │ [ended (exit code 0)]\n')
  expect(ran.stderr).toContain('sh │ [ended (SIGTERM)]\n')
  expect(m.left()).toEqual([])
  // The same is kept, for later.
  const logs = await m.run('logs', 'dev.toml')
  expect(logs.stdout.split('\n').sort()).toEqual(
    expect.arrayContaining(['one │ err', 'one │ out', 'sh │ two']),
  )
  expect((await m.run('logs', 'dev.toml:sh')).stdout).not.toContain('one')
})

test('a file of psup works as it is', async () => {
  await using m = machine()
  m.file(`
    socket = "./run/control.sock"
    [[task]]
    command = "./once.sh"
    args = ["a", "b c"]
    envs = {WORD = "x"}
    [[task]]
    ${sh('i=$(cat again 2>/dev/null || echo 0); echo $((i + 1)) > again; exit 1').replace('"sh"', '"/bin/sh"')}
    daemon = true
    detached = true
    retry_limit = 2
    retry-factor = 10
  `)
  const script = `echo "$1 $2 $WORD \${TOOL_IPC:+has a socket}"
    while ! grep -qs "not started again" "$HOME"/.tool/run/*/logs/sh.log; do sleep 0.02; done`
  chmodSync(m.box.write('once.sh', `#!/bin/sh\n${script}\n`), 0o755)
  const ran = await m.run('supervise', 'dev.toml')
  expect(ran.stdout).toBe('once.sh │ a b c x has a socket\n')
  // The first time, and two more.
  expect(readFileSync(join(m.box.project, 'again'), 'utf8')).toBe('3\n')
  expect(ran).toMatchObject({
    code: 8,
    stderr: expect.stringMatching(
      /\nerror WORKER_GAVE_UP: sh ended more than 2 times \(last: exit code 1\).*dev\.toml/,
    ),
  })
})

test('detached tasks get no socket, the others one that works', async () => {
  await using m = machine()
  m.file(`
    [[task]]
    name = "talks"
    command = NODE
    args = ["${fixture('child-talker.js')}", "serve"]
    daemon = true
    ready = {by = "server", timeout = "20s", pattern = 'never (?<url>.*)'}
    [[task]]
    name = "says"
    command = NODE
    args = ["${fixture('child-talker.js')}", "well"]
    daemon = true
    ready = "protocol"
    [[task]]
    name = "alone"
    ${sh('env | grep -c -e TOOL_IPC -e TOOL_WORKER; true')}
    detached = true
    after = ["talks", "says"]
  `)
  const ran = await m.run('supervise', 'dev.toml')
  expect(ran).toMatchObject({code: 0, stdout: expect.stringContaining('alone │ 0\n')})
  expect(ran.stderr).toMatch(/talks │ \[listens at http:\/\/127\.0\.0\.1:\d+\/\]/)
  const order = ran.stderr.split('\n')
  expect(order.indexOf('says │ [ready]')).toBeLessThan(order.findIndex(line => /^alone │ \[runs/.test(line)))
  expect(order).toContain('says │ [ready]')
})

test('a task is ready by a line, or by a socket that its own group listens on', async () => {
  await using m = machine()
  m.file(`
    [[task]]
    name = "line"
    ${sh('echo -; printf "\\033[32mnow\\033[0m ready\\n"; exec sleep 1000')}
    daemon = true
    ready = {by = "line", pattern = "^now ready$"}
    [[task]]
    name = "web"
    command = NODE
    args = ["-e", "require('http').createServer().listen(0, '127.0.0.1')"]
    daemon = true
    ready = "server"
    [[task]]
    name = "last"
    ${sh('exit 0')}
    after = ["line", "web"]
  `)
  const ran = await m.run('supervise', 'dev.toml')
  expect(ran.code).toBe(0)
  expect(ran.stderr).toMatch(/^web │ \[listens at http:\/\/127\.0\.0\.1:\d+\/\]$/m)
  expect(ran.stderr).toMatch(/^line │ \[ready\]$/m)
})

test('one that is not ready in time fails, and what comes after it is not started', async () => {
  await using m = machine()
  m.file(`
    [[task]]
    name = "mute"
    ${sh('exec sleep 1000')}
    ready = {by = "line", pattern = "never", timeout = "300ms"}
    [[task]]
    name = "job"
    ${sh('exit 3')}
    [[task]]
    name = "late"
    ${sh('echo late')}
    after = ["mute", "job"]
  `)
  expect(await m.run('supervise', 'dev.toml')).toMatchObject({
    code: 8,
    stdout: '',
    stderr: expect.stringMatching(
      /error: job ended \(exit code 3\).*\n.*late was not started, since a task before it failed or was stopped\nerror WORKER_NOT_READY: mute was not ready within 0\.3 s/,
    ),
  })
})

test('a crash loop is given up, and tool restart tries again', async () => {
  await using m = machine()
  m.file(`
    [[task]]
    name = "loop"
    ${sh('echo x >> times; test -e mended && exec sleep 1000; exit 7')}
    daemon = true
    max_restarts = 3
    window = "1m"
    backoff = {delay = "10ms", jitter = 0}
    [[task]]
    name = "stay"
    ${sh('exec sleep 1000')}
    daemon = true
  `)
  const supervised = m.start('supervise', 'dev.toml', '--json')
  for (let line = ''; !line.includes('"failed"'); ) line = await supervised.line()
  expect(readFileSync(join(m.box.project, 'times'), 'utf8')).toBe('x\n'.repeat(4))
  m.box.write('mended', '')
  expect(await m.run('restart', 'dev.toml:loop')).toMatchObject({code: 0})
  expect(JSON.parse((await m.run('ps', '--json')).stdout)).toMatchObject([
    {
      root: join(m.box.project, 'dev.toml'),
      workers: [
        {toolchain: 'loop', state: 'ready'},
        {toolchain: 'stay', state: 'ready'},
      ],
    },
  ])
  expect(await m.run('stop', 'dev.toml')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/loop +stopped in ~\/app\/dev\.toml/),
  })
  expect((await supervised.ended).code).toBe(0)
  expect(m.left()).toEqual([])
})

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s leaves nothing, also of tasks that don’t want to end', async (signal, code) => {
  await using m = machine()
  m.file(`
    [[task]]
    name = "stubborn"
    ${sh("trap '' TERM INT; echo ready; while :; do sleep 0.05; done")}
    grace = "200ms"
    [[task]]
    name = "family"
    ${sh('sleep 1000 & setsid sleep 1000 & echo ready; wait')}
    [[task]]
    name = "loop"
    ${sh('exit 1')}
    restart = "permanent"
    backoff = {delay = "1h"}
  `)
  const supervised = m.start('supervise', 'dev.toml')
  const seen = new Set([await supervised.line(), await supervised.line()])
  expect(seen).toEqual(new Set(['stubborn │ ready', 'family │ ready']))
  supervised.kill(signal)
  expect((await supervised.ended).code).toBe(code)
  await expect.poll(m.left, {timeout: 10_000}).toEqual([])
  expect(liveRecords(m.box.context.layout)).toEqual([])
})

test('the control socket is where the file says, private, and speaks the protocol', async () => {
  await using m = machine()
  const path = m.file(`
    socket = "run/dev.sock"
    [[task]]
    name = "stay"
    ${sh('echo up; exec sleep 1000')}
  `)
  const supervised = m.start('supervise', 'dev.toml')
  expect(await supervised.line()).toBe('stay │ up')
  const socket = join(m.box.project, 'run', 'dev.sock')
  expect(statSync(socket).isSocket()).toBe(true)
  expect(statSync(join(m.box.project, 'run')).mode & 0o777).toBe(0o700)
  using controller = await connectControl({layout: m.box.context.layout, projectRoot: path})
  const spawned = await controller?.spawn({
    id: 'more',
    command: '/bin/sh',
    args: ['-c', 'echo $PWD; sleep 1000'],
  })
  expect(spawned).toMatchObject({workerId: 'more', state: {kind: 'ready'}})
  expect(await supervised.line()).toBe(`more │ ${m.box.project}`)
  expect(await controller?.stop('more')).toMatchObject({kind: 'stopped'})
  // The same file can't be supervised twice, another name for it neither.
  symlinkSync(path, join(m.box.project, 'other.toml'))
  expect(await m.run('supervise', 'other.toml')).toMatchObject({
    code: 8,
    stderr: expect.stringMatching(
      /^error SUPERVISED_ALREADY: \S+dev\.toml is supervised already, by process \d+\n/,
    ),
  })
  // What has the socket that lives keeps it.
  m.file(`socket = "run/dev.sock"\n[[task]]\n${sh('exit 0')}`, 'second.toml')
  expect(await m.run('supervise', 'second.toml')).toMatchObject({
    code: 8,
    stderr: expect.stringContaining('error SOCKET_IN_USE: somebody listens at'),
  })
  // Also when the file is gone meanwhile.
  rmSync(path)
  expect(await m.run('stop', 'dev.toml')).toMatchObject({code: 0})
  expect((await supervised.ended).code).toBe(0)
  expect(existsSync(socket)).toBe(false)
})

test('a socket that a killed supervisor left is swept, one of another program is not touched', async () => {
  await using m = machine()
  m.file(`socket = "run/dev.sock"\n[[task]]\n${sh('echo up; exec sleep 1000')}`)
  const killed = m.start('supervise', 'dev.toml')
  await killed.line()
  killed.kill('SIGKILL')
  await killed.ended
  await expect.poll(m.left, {timeout: 10_000}).toEqual([])
  const socket = join(m.box.project, 'run', 'dev.sock')
  expect(existsSync(socket)).toBe(true)
  const again = m.start('supervise', 'dev.toml')
  expect(await again.line()).toBe('sh │ up')
  expect(await m.run('stop', 'dev.toml')).toMatchObject({code: 0})
  await again.ended
  expect(existsSync(socket)).toBe(false)

  const foreign = createServer().listen(socket)
  await new Promise(resolve => foreign.once('listening', resolve))
  expect(await m.run('supervise', 'dev.toml')).toMatchObject({
    code: 8,
    stderr: expect.stringContaining('error SOCKET_IN_USE'),
  })
  expect(existsSync(socket)).toBe(true)
  foreign.close()
})

test('no socket is put where others can get at it', async () => {
  await using m = machine()
  mkdirSync(join(m.box.project, 'open'))
  chmodSync(join(m.box.project, 'open'), 0o755)
  m.file(`socket = "open/dev.sock"\n[[task]]\n${sh('echo never')}`)
  expect(await m.run('supervise', 'dev.toml')).toMatchObject({
    code: 8,
    stdout: '',
    stderr: expect.stringMatching(
      /^error SOCKET_DIRECTORY_UNSAFE: others can get at \S+open, .*\n {2}try: take a folder that is yours alone; .*\/run\//,
    ),
  })
  // It was not made private behind the person's back.
  expect(statSync(join(m.box.project, 'open')).mode & 0o777).toBe(0o755)
  m.file(`socket = "${'long/'.repeat(30)}dev.sock"\n[[task]]\n${sh('echo never')}`)
  expect(await m.run('supervise', 'dev.toml')).toMatchObject({
    code: 8,
    stderr: expect.stringContaining('error SOCKET_PATH_TOO_LONG'),
  })
})

test('another user gets nowhere', async () => {
  await using m = machine()
  const path = m.file(`[[task]]\n${sh('echo up; exec sleep 1000')}`)
  const supervised = m.start('supervise', 'dev.toml')
  await supervised.line()
  // The folders of this sandbox are open to everybody, so what keeps others out is what tool made.
  chmodSync(m.box.root, 0o755)
  const run = m.box.context.layout.run(path)
  const other = {cwd: '/', env: {HOME: m.box.root, PATH: machinePath}, uid: 65534}
  const look = ['-e', `require('node:fs').readdirSync(${JSON.stringify(run)})`]
  const {execFileSync} = await import('node:child_process')
  expect(() =>
    execFileSync(process.execPath, look, {uid: 65534, gid: 65534, cwd: '/', stdio: 'pipe'}),
  ).toThrow(/EACCES/)
  expect((await tool(['stop', path], other)).stdout).toBe('')
  // A file of another user is not run either, since it says what is run.
  const foreign = m.box.write('foreign.toml', `[[task]]\n${sh('echo never')}`)
  chownSync(foreign, 12345, 12345)
  expect(await tool(['supervise', foreign], other)).toMatchObject({
    code: 3,
    stdout: '',
    stderr: expect.stringContaining('foreign.toml belongs to another user'),
  })
  expect((await m.run('ps')).stdout).toContain('dev.toml')
  supervised.kill('SIGTERM')
  await supervised.ended
})

test('the task that wants it gets what is typed; logs are kept as the file says', async () => {
  await using m = machine()
  m.file(`
    [logs]
    folder = "said"
    size = "1kB"
    count = 2
    [[task]]
    name = "many"
    ${sh('i=0; while [ $i -lt 200 ]; do echo "line $i of many"; i=$((i+1)); done')}
  `)
  expect((await m.run('supervise', 'dev.toml')).code).toBe(0)
  expect(existsSync(join(m.box.project, 'said', 'many.log.1'))).toBe(true)
  expect(existsSync(join(m.box.project, 'said', 'many.log.2'))).toBe(false)
  m.file(`logs = false\n[[task]]\n${sh('echo one')}`)
  expect((await m.run('supervise', 'dev.toml')).code).toBe(0)
  expect(await m.run('logs', 'dev.toml')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('error LOGS_NOT_KEPT'),
  })
  writeFileSync(join(m.box.project, 'typed'), 'hello\n')
  m.file(`[[task]]\nname = "cat"\ncommand = "head"\nargs = ["-n", "1"]\nstdin = "inherit"\n`)
  const {execFileSync} = await import('node:child_process')
  const out = execFileSync(
    '/bin/sh',
    [
      '-c',
      '"$0" "$1" supervise dev.toml < typed',
      process.execPath,
      join(import.meta.dirname, '../../bin/tool.cjs'),
    ],
    {cwd: m.box.project, env: {HOME: m.box.root, PATH: machinePath}, encoding: 'utf8', stdio: 'pipe'},
  )
  expect(out).toBe('cat │ hello\n')
})

test('what is left where the watchdog was killed, too, ends with the next look', async () => {
  await using m = machine()
  m.file(`[[task]]\n${sh('echo begun; exec sleep 1000')}`)
  const supervising = m.start('supervise', 'dev.toml')
  expect(await supervising.line()).toContain('begun')
  for (const dog of watchdogsOf(supervising.pid)) process.kill(dog, 'SIGSTOP')
  const dogs = watchdogsOf(supervising.pid)
  supervising.kill('SIGKILL')
  for (const dog of dogs) process.kill(dog, 'SIGKILL')
  await supervising.ended
  expect(m.left()).toHaveLength(1)
  expect(await m.run('ps')).toMatchObject({code: 0, stdout: ''})
  expect(m.left()).toEqual([])
})

test.runIf(process.getuid?.() === 0)(
  'what lives in another namespace of processes is left alone',
  async () => {
    await using m = machine()
    m.file(`[[task]]\n${sh('echo begun; exec sleep 1000')}`)
    const inside = ['--pid', '--fork', '--mount-proc', '--kill-child=KILL', process.execPath]
    const command = [...inside, join(packageRoot, 'bin', 'tool.cjs'), 'supervise', 'dev.toml']
    const child = spawn('/usr/bin/unshare', command, {
      cwd: m.box.project,
      env: {PATH: machinePath, HOME: m.box.root, MARK: m.box.root},
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const ended = once(child, 'exit')
    await once(child.stdout, 'data')
    const before = m.left()
    expect(before.length).toBeGreaterThan(1)
    expect(await m.run('ps')).toMatchObject({code: 0, stdout: ''})
    expect(m.left()).toEqual(before)
    child.kill('SIGKILL')
    await ended
    await vi.waitUntil(() => m.left().length === 0, {timeout: 10_000})
  },
)
