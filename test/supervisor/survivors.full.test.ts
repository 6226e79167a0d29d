import {randomUUID} from 'node:crypto'
import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout} from 'node:timers/promises'
import {expect, test} from 'vitest'
import {readLiving} from '../../src/process/proc-stat.ts'
import {carriersOf, killingCarriers, watchdogsOf} from '../support/carriers.ts'
import {type Program, startProgram} from '../support/programs.ts'
import {type Sandbox, sandbox} from '../support/sandbox.ts'
import {putVersion, writeProgram} from '../support/store.ts'
import {fixture} from '../support/supervised.ts'
import {startTool} from '../support/tool.ts'

/**
 * What is promised: 2 s after the end of a supervisor nothing of it is left. It is counted in looks, which take longer where
 * the machine is too busy to do anything in time.
 */
const looks = 100
const betweenLooks = 20

/** Waits until everything is gone, and fails when the time is over. */
async function nothingIsLeft(word: string, others: readonly number[] = [], about = ''): Promise<void> {
  const left = () => [...carriersOf(word), ...others.filter(pid => readLiving(pid))]
  for (let look = 0; look < looks && left().length > 0; look++) await setTimeout(betweenLooks)
  expect({about, left: left().map(describeProcess)}).toEqual({about, left: []})
}

/** For whoever has to find out why it is there: its state, group and session, and its command. */
function describeProcess(pid: number): string {
  const of = (name: string) => {
    try {
      return readFileSync(`/proc/${pid}/${name}`, 'latin1')
    } catch {
      return 'gone by now'
    }
  }
  return `${of('stat')} ${of('cmdline').replaceAll('\0', ' ')}`
}

/** The leader of the brood, and the one of it that has no id any more. */
async function broodOf(file: string): Promise<number[]> {
  await expect.poll(() => existsSync(file), {timeout: 20_000}).toBe(true)
  return readFileSync(file, 'utf8').trim().split(' ').map(Number)
}

function household(box: Sandbox, word: string, ...kinds: string[]): Program {
  return startProgram('child-household.ts', [word, box.root, ...kinds])
}

async function says(program: Program, line: string): Promise<void> {
  await expect.poll(() => program.stdout, {timeout: 20_000}).toContain(`${line}\n`)
}

function only<T>(list: readonly T[]): T {
  const [one, ...more] = list
  if (one === undefined || more.length > 0) throw new Error(`not one, but ${list.length}`)
  return one
}

test.each(['ready', 'starting', 'connected', 'backoff', 'stopping'])(
  'a supervisor that is killed while a worker is %s leaves nothing',
  async state => {
    await using box = sandbox()
    using mark = killingCarriers(randomUUID())
    await using own = household(box, mark.word, state)
    const hasBrood = state !== 'connected' && state !== 'backoff'
    const brood = hasBrood ? await broodOf(join(box.root, 'brood')) : []
    await says(own, `${state} ${state}`)
    expect(carriersOf(mark.word).length).toBeGreaterThanOrEqual(hasBrood ? 4 : 1)
    const dog = only(watchdogsOf(own.process.pid ?? 0))
    own.process.kill('SIGKILL')
    await nothingIsLeft(mark.word, [...brood, dog])
    expect(own.stderr).toBe('')
  },
)

test('killed at random moments it leaves nothing', async () => {
  for (let round = 0; round < 15; round++) {
    await using box = sandbox()
    using mark = killingCarriers(randomUUID())
    await using own = household(box, mark.word, 'ready', 'crashing', 'connected', 'starting')
    const pid = own.process.pid ?? 0
    await expect
      .poll(() => own.stdout !== '' || watchdogsOf(pid).length > 0, {interval: 5, timeout: 20_000})
      .toBe(true)
    const moment = round * 10 + Math.random() * 40
    await setTimeout(moment)
    const dogs = watchdogsOf(pid)
    own.process.kill('SIGKILL')
    await nothingIsLeft(mark.word, dogs, `${moment} ms after its first worker`)
  }
})

test('a worker, and the parent of a grandchild, may be killed before', async () => {
  await using box = sandbox()
  using mark = killingCarriers(randomUUID())
  await using own = household(box, mark.word, 'starting')
  const [leader = 0, cleared = 0] = await broodOf(join(box.root, 'brood'))
  const dog = only(watchdogsOf(own.process.pid ?? 0))
  process.kill(leader, 'SIGKILL')
  own.process.kill('SIGKILL')
  await nothingIsLeft(mark.word, [leader, cleared, dog])
})

test('the watchdog may be killed before: there is another 100 ms later', async () => {
  await using box = sandbox()
  using mark = killingCarriers(randomUUID())
  await using own = household(box, mark.word, 'ready')
  const pid = own.process.pid ?? 0
  const brood = await broodOf(join(box.root, 'brood'))
  const first = only(watchdogsOf(pid))
  const before = carriersOf(mark.word)
  process.kill(first, 'SIGKILL')
  await setTimeout(100)
  // Nothing is lost by that.
  expect(carriersOf(mark.word)).toEqual(before)
  await expect.poll(() => watchdogsOf(pid)).toHaveLength(1)
  const second = only(watchdogsOf(pid))
  expect(second).not.toBe(first)
  own.process.kill('SIGKILL')
  await nothingIsLeft(mark.word, [...brood, second])
})

test('a supervisor that a polite signal ends leaves nothing either', async () => {
  await using box = sandbox()
  using mark = killingCarriers(randomUUID())
  await using own = household(box, mark.word, 'ready')
  const brood = await broodOf(join(box.root, 'brood'))
  own.process.kill('SIGTERM')
  await own.ended
  await nothingIsLeft(mark.word, brood)
})

/** A project whose compiler has a brood. */
function broodProject(box: Sandbox): string {
  const ready = join(box.project, 'brood')
  const command = {driver: 'stream', command: ['brood']}
  const definition = {
    name: 'brood',
    title: 'brood',
    homepage: 'https://brood.example/',
    sources: [{kind: 'npm', package: 'brood'}],
    executables: {brood: {path: 'bin/brood'}},
    build: command,
    serve: {...command, ready: '^listening on (?<url>\\S+)'},
  }
  box.write('../.tool/toolchains/brood.json', JSON.stringify(definition))
  const folder = putVersion(box, 'brood', '1.0.0', {runtime: 'none'})
  writeProgram(join(folder, 'bin/brood'), `#!/bin/sh\nexec ${fixture('child-brood.sh')} ${ready}\n`)
  box.write('.toolversion', 'brood 1.0.0\n')
  return ready
}

test.each(['build', 'serve', 'worker check -- ./compiler'])('tool %s, killed, leaves nothing', async line => {
  await using box = sandbox()
  using mark = killingCarriers(randomUUID())
  const ready = broodProject(box)
  writeProgram(join(box.project, 'compiler'), `#!/bin/sh\nexec ${fixture('child-brood.sh')} ${ready}\n`)
  const running = startTool(line.split(' '), {
    cwd: box.project,
    env: {HOME: box.root, TOOL_SUPERVISORS: mark.word},
  })
  const brood = await broodOf(ready).catch(async error => {
    running.kill('SIGKILL')
    throw new Error(JSON.stringify(await running.ended), {cause: error})
  })
  const dog = only(watchdogsOf(running.pid))
  running.kill('SIGKILL')
  await nothingIsLeft(mark.word, [...brood, dog])
})

test('tool build that is interrupted leaves nothing, also not who left the group', async () => {
  await using box = sandbox()
  using mark = killingCarriers(randomUUID())
  const ready = broodProject(box)
  const running = startTool(['build'], {cwd: box.project, env: {HOME: box.root, TOOL_SUPERVISORS: mark.word}})
  const brood = await broodOf(ready)
  const dog = only(watchdogsOf(running.pid))
  running.kill('SIGINT')
  await running.ended
  await nothingIsLeft(mark.word, [...brood, dog])
})
