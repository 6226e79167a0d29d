import {spawn, spawnSync} from 'node:child_process'
import {randomUUID} from 'node:crypto'
import {once} from 'node:events'
import {readFileSync, symlinkSync} from 'node:fs'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import {expect, onTestFinished, test} from 'vitest'
import {processIdentity} from '../../src/process/identity.ts'
import {Watchdog} from '../../src/process/watchdog.ts'
import {killIfThere, killingCarriers, watchdogsOf} from '../support/carriers.ts'
import {packageRoot, sandbox} from '../support/sandbox.ts'

const script = join(packageRoot, 'shell', 'watchdog.sh')
const shells = ['dash', 'bash', 'busybox sh', 'ksh', 'mksh']

/** The script under one shell, in an environment without the word. */
function watch(
  [file = 'sh', ...args]: readonly string[],
  word: string,
  path = '/usr/bin:/bin',
  who: {uid?: number; gid?: number} = {},
  groups: readonly string[] = [],
) {
  const dog = spawn(file, [...args, script, ...(word === '' ? [] : [word]), ...groups], {
    env: {PATH: path},
    cwd: '/',
    ...who,
    stdio: ['pipe', 'ignore', 'pipe'],
    detached: true,
  })
  onTestFinished(() => void dog.kill('SIGKILL'))
  let complaints = ''
  dog.stderr.setEncoding('utf8').on('data', text => {
    complaints += text
  })
  const ended = once(dog, 'close').then(([code]) => ({code, complaints}))
  return {dog, ended, tell: (line: string) => void dog.stdin.write(`${line}\n`)}
}

/** A process in its own group, which ignores SIGTERM. */
async function member(
  env: Record<string, string> = {},
  who: {uid?: number; gid?: number} = {},
): Promise<number> {
  const child = spawn('sh', ['-c', 'trap "" TERM; echo; exec sleep 60'], {
    env: {PATH: process.env.PATH, ...env},
    cwd: '/',
    ...who,
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  })
  const pid = child.pid ?? 0
  onTestFinished(() => killIfThere(pid))
  await once(child.stdout, 'data')
  return pid
}

const startOf = (pid: number) => processIdentity(pid)?.startTime
const lives = (pid: number) => processIdentity(pid) !== undefined

test.each(shells)('%s: at the end of its input it ends known groups, and who left them', async shell => {
  using mark = killingCarriers(randomUUID())
  const {ended, tell, dog} = watch(shell.split(' '), mark.word)
  const [known, gone, other, unknown] = [await member(), await member(), await member(), await member()]
  const left = await member({TOOL_SUPERVISORS: `above,${mark.word},below`})
  tell(`+ ${known} ${startOf(known)}`)
  tell(`+ ${gone} ${startOf(gone)}`)
  tell(`+ ${other} 1`)
  tell(`- ${gone}`)
  tell(`- ${unknown}`)
  dog.stdin.end('+ 1\n+ -1\n+ 0\n+\n? what\n')
  expect(await ended).toEqual({code: 0, complaints: ''})
  expect([known, left].filter(lives)).toEqual([])
  // What it was told to be gone, or what has another's number by now, is not touched.
  expect([gone, other, unknown].filter(lives)).toEqual([gone, other, unknown])
})

test('it knows the groups that it is started with', async () => {
  const [first, gone, last, other] = [await member(), await member(), await member(), await member()]
  const groups = [`${first}:${startOf(first)}`, `${gone}:${startOf(gone)}`, `${last}:`, `${other}:1`]
  const {ended, dog} = watch(['sh'], randomUUID(), '/usr/bin:/bin', {}, groups)
  dog.stdin.end(`- ${gone}\n`)
  expect(await ended).toEqual({code: 0, complaints: ''})
  expect([first, gone, last, other].map(lives)).toEqual([false, true, false, true])
})

test('a group whose leader is gone is ended all the same, also without the id', async () => {
  const {ended, tell, dog} = watch(['sh'], randomUUID())
  const leader = spawn('sh', ['-c', 'sleep 60 >/dev/null & echo $!'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  })
  const gone = once(leader, 'exit')
  const [said] = await once(leader.stdout, 'data')
  const orphan = Number(said)
  onTestFinished(() => killIfThere(orphan))
  await gone
  tell(`+ ${leader.pid} 123`)
  dog.stdin.end()
  expect(await ended).toMatchObject({code: 0})
  expect(lives(orphan)).toBe(false)
})

/** A group of its own: its leader, one with the word, and one without it. The leader has it in `leaderEnv`. */
async function group(leaderEnv: Record<string, string>, word: string) {
  const lines =
    'TOOL_SUPERVISORS=$0 sleep 60 >&- & echo $!; env -u TOOL_SUPERVISORS sleep 60 >&- & echo $!; wait'
  const leader = spawn('sh', ['-c', lines, word], {
    env: {PATH: process.env.PATH, ...leaderEnv},
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  })
  const pids = [leader.pid ?? 0]
  onTestFinished(() => pids.forEach(killIfThere))
  for await (const line of createInterface(leader.stdout)) if (pids.push(Number(line)) === 3) break
  const [, carrier = 0, hidden = 0] = pids
  // By then both are the programs that they were to become, and look as such.
  await expect.poll(() => nameOf(hidden) === 'sleep' && nameOf(carrier) === 'sleep').toBe(true)
  return {leader, pids}
}

const nameOf = (pid: number) => readFileSync(`/proc/${pid}/comm`, 'utf8').trim()

test.each(shells)('%s: a group that it was not told of is ended as one, too', async shell => {
  using mark = killingCarriers(randomUUID())
  const {pids: led} = await group({TOOL_SUPERVISORS: mark.word}, mark.word)
  const {pids: orphaned, leader} = await group({TOOL_SUPERVISORS: mark.word}, mark.word)
  leader.kill('SIGKILL')
  await once(leader, 'exit')
  const {ended, dog} = watch(shell.split(' '), mark.word)
  dog.stdin.end()
  expect(await ended).toEqual({code: 0, complaints: ''})
  expect([...led, ...orphaned].filter(lives)).toEqual([])
})

test.each(shells)('%s: a group that somebody else leads is left, but for who has the id', async shell => {
  using mark = killingCarriers(randomUUID())
  const {pids} = await group({TOOL_SUPERVISORS: 'another'}, mark.word)
  const {ended, dog} = watch(shell.split(' '), mark.word)
  dog.stdin.end()
  expect(await ended).toEqual({code: 0, complaints: ''})
  expect(pids.map(lives)).toEqual([true, false, true])
})

test('a line that was cut off is no group', async () => {
  const {ended, dog} = watch(['sh'], randomUUID())
  const pid = await member()
  dog.stdin.end(`+ ${pid}`)
  await ended
  expect(lives(pid)).toBe(true)
})

test.each([[['dash']], [['bash']], [['busybox', 'sh']]])(
  '%j: it does without other programs, where there are none',
  async shell => {
    await using box = sandbox()
    using mark = killingCarriers(randomUUID())
    const left = await member({NOISE: 'x\n\n'.repeat(50), TOOL_SUPERVISORS: mark.word})
    const [file = '', ...args] = shell
    const path = spawnSync('which', [file], {encoding: 'utf8'}).stdout.trim()
    const {ended, dog} = watch([path, ...args], mark.word, box.root)
    dog.stdin.end()
    expect(await ended).toEqual({code: 0, complaints: ''})
    expect(lives(left)).toBe(false)
  },
)

test('with nothing but busybox it finds them too', async () => {
  await using box = sandbox()
  using mark = killingCarriers(randomUUID())
  const busybox = spawnSync('which', ['busybox'], {encoding: 'utf8'}).stdout.trim()
  for (const name of ['grep', 'sleep', 'sh']) symlinkSync(busybox, join(box.root, name))
  const left = await member({FIRST: 'x', TOOL_SUPERVISORS: `above,${mark.word}`})
  const {ended, dog} = watch([join(box.root, 'sh')], mark.word, box.root)
  dog.stdin.end()
  expect(await ended).toEqual({code: 0, complaints: ''})
  expect(lives(left)).toBe(false)
})

test.each(['', 'none', '$HOME-0123456789abcdef', '.................'])(
  'an id that others may have by accident (%j) ends nobody',
  async word => {
    const left = await member({TOOL_SUPERVISORS: `${word},${word || 'x'}`})
    const {ended, dog} = watch(['sh'], word)
    dog.stdin.end()
    expect(await ended).toEqual({code: 0, complaints: ''})
    expect(lives(left)).toBe(true)
  },
)

test('the id counts in TOOL_SUPERVISORS only', async () => {
  const word = randomUUID()
  const other = await member({NOTE: `about ${word}`, TOOL_SUPERVISORS: 'another'})
  const {ended, dog} = watch(['sh'], word)
  dog.stdin.end()
  expect(await ended).toEqual({code: 0, complaints: ''})
  expect(lives(other)).toBe(true)
})

test.runIf(process.getuid?.() === 0)('it ends what is its own, among processes of others', async () => {
  using mark = killingCarriers(randomUUID())
  const nobody = {uid: 65534, gid: 65534}
  const env = {TOOL_SUPERVISORS: mark.word}
  const [own, others] = [await member(env, nobody), await member(env)]
  const {ended, dog} = watch(['/bin/sh'], mark.word, '/usr/bin:/bin', nobody)
  dog.stdin.end()
  expect(await ended).toEqual({code: 0, complaints: ''})
  expect([own, others].map(lives)).toEqual([false, true])
})

test('it ignores what a terminal or a person sends to all', async () => {
  using mark = killingCarriers(randomUUID())
  const {dog, ended, tell} = watch(['sh'], mark.word)
  const left = await member({TOOL_SUPERVISORS: mark.word})
  const pid = dog.pid ?? 0
  // Before its first line it has no traps yet.
  await expect.poll(() => /^SigIgn:\s*\w*4007$/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))).toBe(true)
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'] as const) dog.kill(signal)
  tell('- 5')
  dog.stdin.end()
  expect(await ended).toMatchObject({code: 0})
  expect(lives(left)).toBe(false)
})

test.each(shells)('%s: it takes at most 2 MB', async shell => {
  const {dog, tell} = watch(shell.split(' '), randomUUID())
  const groups = Array.from({length: 200}, (_, index) => 1_000_000 + index)
  tell(
    [...groups.map(group => `+ ${group} 123456789`), ...groups.slice(9).map(group => `- ${group}`)].join(
      '\n',
    ),
  )
  const pss = () =>
    Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${dog.pid}/smaps_rollup`, 'utf8'))?.[1])
  // Once it waits for the next line: in read, poll or recv.
  await expect
    .poll(() => readFileSync(`/proc/${dog.pid}/syscall`, 'utf8'))
    .toMatch(/^(?:0 0x0|63 0x0|7 |73 |45 0x0|207 0x0)/)
  expect(pss()).toBeGreaterThan(0)
  expect(pss()).toBeLessThanOrEqual(2048)
})

test('the code is clean', () => {
  const {stdout, status} = spawnSync('shellcheck', ['-s', 'sh', script], {encoding: 'utf8'})
  expect({stdout, status}).toEqual({stdout: '', status: 0})
})

test('who is killed is started again, and told what there is', async () => {
  using mark = killingCarriers(randomUUID())
  const useless: string[] = []
  const watchdog = new Watchdog({id: mark.word, onUseless: why => useless.push(why)})
  onTestFinished(() => watchdog.close())
  watchdog.start()
  const [group, gone] = [await member(), await member()]
  watchdog.add({pid: group, began: 0})
  watchdog.add({pid: gone, began: 0})
  const first = watchdog.pid ?? 0
  watchdog.start()
  expect(watchdog.pid).toBe(first)
  process.kill(first, 'SIGKILL')
  await expect.poll(() => watchdog.pid !== undefined && watchdog.pid !== first).toBe(true)
  watchdog.delete(gone)
  const second = watchdog.pid ?? 0
  expect(watchdogsOf(process.pid)).toContain(second)
  watchdog.close()
  await expect.poll(() => lives(second)).toBe(false)
  expect([group, gone].map(lives)).toEqual([false, true])
  expect(useless).toEqual([])
  // It is dead before we hear of it.
  await expect.poll(() => watchdog.pid).toBeUndefined()
  watchdog.start()
  expect(watchdog.pid).toBeUndefined()
})

test.each([
  ['/nowhere/watchdog.sh', /ended with (?:2|127)/],
  ['/', /ended with/],
])(
  'a script that can’t be run (%s) is told, and tried again with the next worker',
  async (path, expected) => {
    const useless: string[] = []
    const watchdog = new Watchdog({id: randomUUID(), script: path, onUseless: why => useless.push(why)})
    onTestFinished(() => watchdog.close())
    for (const times of [1, 2]) {
      watchdog.start()
      watchdog.add({pid: 999_999_999, began: 0})
      await expect.poll(() => useless.length).toBe(times)
    }
    expect(useless[0]).toMatch(expected)
  },
)

test('killed again and again, it is given up until the next worker', async () => {
  const useless: string[] = []
  const watchdog = new Watchdog({id: randomUUID(), onUseless: why => useless.push(why)})
  onTestFinished(() => watchdog.close())
  watchdog.start()
  for (let killed = 0; useless.length === 0; ) {
    const {pid} = watchdog
    if (pid !== undefined && pid !== killed) {
      process.kill(pid, 'SIGKILL')
      killed = pid
    }
    await new Promise(resolve => setImmediate(resolve))
  }
  expect(useless).toEqual(['it is killed again and again'])
  expect(watchdog.pid).toBeUndefined()
  watchdog.start()
  expect(watchdog.pid).toBeGreaterThan(0)
})
