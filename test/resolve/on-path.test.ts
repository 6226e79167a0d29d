import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import type {Context} from '../../src/base/context.ts'
import {type AvailableOptions, locateAll, makeAvailable} from '../../src/install/available.ts'
import {findPin} from '../../src/pin/find.ts'
import {processIdentity} from '../../src/process/identity.ts'
import {binsOnPath, programOf} from '../../src/resolve/bin.ts'
import {commandOf} from '../../src/resolve/command.ts'
import {describeResolved} from '../../src/resolve/describe.ts'
import {resolveLocal} from '../../src/resolve/local.ts'
import {needsAsking, type Resolved} from '../../src/resolve/types.ts'
import {loadDefinitions} from '../../src/toolchain/definitions.ts'
import {type Sandbox, sandbox} from '../support/sandbox.ts'
import {putVersion, writeProgram} from '../support/store.ts'

const ask = {timeout: 5000}

/** A machine whose PATH has these folders, below the home. */
function machine(...folders: string[]): Sandbox {
  const box = sandbox()
  const PATH = [...folders.map(name => join(box.root, name)), '/usr/bin', '/bin'].join(':')
  return {
    ...box,
    context: box.at({env: {PATH}}),
    at: ({env, ...rest}) => box.at({env: {PATH, ...env}, ...rest}),
  }
}

/** A compiler that says its version, and notes in a file that it was asked. */
const compiler = (box: Sandbox, folder: string, version: string) =>
  writeProgram(
    join(box.root, folder, 'tsc'),
    `#!/bin/sh\necho "$0 $*" >>${box.root}/asked\necho "Version ${version}"\n`,
  )

const askedIn = (box: Sandbox) => {
  const path = join(box.root, 'asked')
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : []
}

/** What is known without starting anything. */
async function known(context: Context): Promise<Resolved> {
  const definitions = await loadDefinitions(context)
  const pin = findPin(context, definitions, 'typescript')
  return resolveLocal(context, definitions.get('typescript', pin.origin), pin)
}

/** What is found by asking. */
async function located(context: Context, options: AvailableOptions['ask'] = ask): Promise<Resolved> {
  const definitions = await loadDefinitions(context)
  const [resolved] = await locateAll(
    context,
    definitions,
    [findPin(context, definitions, 'typescript')],
    options,
  )
  if (resolved === undefined) throw new Error('nothing')
  return resolved
}

const versionOn = (resolved: Resolved) =>
  resolved.via === 'on-path' ? `${resolved.version} in ${resolved.file.split('/').at(-2)}` : resolved.via

test('a program that says it is the version is it, once it was asked', async () => {
  await using box = machine('a')
  box.write('.toolversion', 'typescript ^5.9\n')
  const file = compiler(box, 'a', '5.9.3')
  expect(await known(box.context)).toMatchObject({
    via: 'missing',
    because: {kind: 'not-there', unasked: [file]},
  })
  expect(askedIn(box)).toEqual([])
  const resolved = await located(box.context)
  expect(resolved).toMatchObject({via: 'on-path', version: '5.9.3', file, first: true})
  expect(await known(box.context)).toEqual(resolved)
  expect(await located(box.context)).toEqual(resolved)
  expect(askedIn(box)).toEqual([`${file} --version`])
  expect(describeResolved(resolved, box.context)).toBe(
    `from ${file}, since 5.9.3 satisfies ^5.9 set by .toolversion:1`,
  )
  expect(commandOf(box.context, await loadDefinitions(box.context), resolved, 'tsc')).toEqual({
    file,
    args: [],
    binDirectories: [],
  })
})

test('of several the first on PATH that fits, whose folder then comes first', async () => {
  await using box = machine('a', 'b', 'c')
  box.write('.toolversion', 'typescript ~5.8\n')
  compiler(box, 'a', '5.9.3')
  compiler(box, 'b', '5.8.3')
  compiler(box, 'c', '5.8.2')
  writeProgram(join(box.root, 'b/tsserver'))
  const resolved = await located(box.context)
  expect(versionOn(resolved)).toBe('5.8.3 in b')
  expect(binsOnPath(resolved)).toEqual([join(box.root, 'b')])
  expect(programOf(resolved, 'tsserver', box.context)).toBe(join(box.root, 'b/tsserver'))
})

test.each(['latest', 'next', 'system', 'mine'])(
  '%s asks for no version that a program could know',
  async spec => {
    await using box = machine('a')
    box.write('.toolversion', `typescript ${spec}\n`)
    compiler(box, 'a', '5.9.3')
    expect((await located(box.context)).via).toBe(spec === 'system' ? 'system' : 'missing')
    expect(askedIn(box)).toEqual([])
  },
)

test('the store, node_modules and a lock come before, and nobody is asked', async () => {
  await using box = machine('a')
  box.write('.toolversion', 'typescript ^5.9\n')
  compiler(box, 'a', '5.9.3')
  box.write('.toolversion.lock', '')
  expect(await located(box.context)).toMatchObject({via: 'missing', because: {kind: 'not-locked'}})
  rmSync(join(box.project, '.toolversion.lock'))
  putVersion(box, 'typescript', '5.9.2')
  expect(await located(box.context)).toMatchObject({via: 'store'})
  expect(askedIn(box)).toEqual([])
})

test('another file has another answer', async () => {
  await using box = machine('a')
  box.write('.toolversion', 'typescript ^5.9\n')
  compiler(box, 'a', '5.8.2')
  expect((await located(box.context)).via).toBe('missing')
  compiler(box, 'a', '5.9.3')
  expect(needsAsking(await known(box.context))).toBe(true)
  expect(versionOn(await located(box.context))).toBe('5.9.3 in a')
  // Touching is enough to be asked again.
  utimesSync(join(box.root, 'a/tsc'), new Date(0), new Date(0))
  expect(needsAsking(await known(box.context))).toBe(true)
  expect(versionOn(await located(box.context))).toBe('5.9.3 in a')
  expect(askedIn(box)).toHaveLength(3)
})

test('a link is asked as what it leads to', async () => {
  await using box = machine('a', 'b')
  box.write('.toolversion', 'typescript ^5.9\n')
  const file = compiler(box, 'real', '5.9.3')
  for (const folder of ['a', 'b']) {
    mkdirSync(join(box.root, folder))
    symlinkSync(file, join(box.root, folder, 'tsc'))
  }
  expect(versionOn(await located(box.context))).toBe('5.9.3 in a')
  expect(askedIn(box)).toHaveLength(1)
})

describe('a program that gives no version', () => {
  const programs: [what: string, text: string][] = [
    ['speaks of something else', 'echo tsc: unknown option'],
    ['says nothing', 'exit 3'],
    ['is no program', '\u0000\u0001\u0002'],
    ['prints what is no version', 'echo "Version ../../etc"'],
    ['floods', 'while :; do echo "Version Version Version Version Version Version Version Version"; done'],
    [
      'prints one endless line',
      'while :; do printf "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"; done',
    ],
  ]
  test.each(programs)('%s, and does not count', async (_what, text) => {
    await using box = machine('a', 'b')
    box.write('.toolversion', 'typescript ^5.9\n')
    writeProgram(join(box.root, 'a/tsc'), `#!/bin/sh\necho asked >>${box.root}/asked\n${text}\n`)
    compiler(box, 'b', '5.9.3')
    expect(versionOn(await located(box.context))).toBe('5.9.3 in b')
    const asked = askedIn(box).length
    expect(versionOn(await located(box.context))).toBe('5.9.3 in b')
    expect(askedIn(box)).toHaveLength(asked)
  })

  test('hangs, and is gone with all that it started', async () => {
    await using box = machine('a', 'b')
    box.write('.toolversion', 'typescript ^5.9\n')
    const pids = join(box.root, 'pids')
    writeProgram(
      join(box.root, 'a/tsc'),
      `#!/bin/sh\ntrap '' TERM INT HUP\necho $$ >>${pids}\nsleep 600 &\necho $! >>${pids}\nwhile :; do sleep 600; done\n`,
    )
    compiler(box, 'b', '5.9.3')
    expect(versionOn(await located(box.context, {timeout: 1500}))).toBe('5.9.3 in b')
    const started = readFileSync(pids, 'utf8').trim().split('\n').map(Number)
    expect(started).toHaveLength(2)
    expect(started.map(processIdentity)).toEqual([undefined, undefined])
  })

  test('may have stayed behind as something else', async () => {
    await using box = machine('a')
    box.write('.toolversion', 'typescript ^5.9\n')
    const pid = join(box.root, 'pid')
    writeProgram(
      join(box.root, 'a/tsc'),
      `#!/bin/sh\nsleep 600 >/dev/null 2>&1 &\necho $! >${pid}\necho "Version 5.9.3"\n`,
    )
    expect(versionOn(await located(box.context))).toBe('5.9.3 in a')
    expect(processIdentity(Number(readFileSync(pid, 'utf8')))).toBeUndefined()
  })

  test('is not waited for when the person gives up', async () => {
    await using box = machine('a')
    box.write('.toolversion', 'typescript ^5.9\n')
    const started = join(box.root, 'started')
    writeProgram(join(box.root, 'a/tsc'), `#!/bin/sh\n: >${started}\nwhile :; do sleep 600; done\n`)
    const controller = new AbortController()
    const asking = located(box.at({signal: controller.signal}), {timeout: 60_000})
    const watch = setInterval(() => existsSync(started) && controller.abort(new Error('enough')), 5)
    await expect(asking).rejects.toThrow('enough')
    clearInterval(watch)
  })
})

test('what it says may be on stderr, and coloured', async () => {
  await using box = machine('a')
  box.write('.toolversion', 'typescript ^5.9\n')
  writeProgram(join(box.root, 'a/tsc'), `#!/bin/sh\nprintf '\\033[1mVersion 5.9.3\\033[0m\\n' >&2\n`)
  expect(versionOn(await located(box.context))).toBe('5.9.3 in a')
})

test('it is asked outside of the project, without us on its PATH, and not as a worker of ours', async () => {
  await using box = machine('a')
  box.write('.toolversion', 'typescript ^5.9\n')
  const {shims} = box.context.layout
  const seen = join(box.root, 'seen')
  writeProgram(join(shims, 'tsc'), '#!/bin/sh\necho "Version 5.9.3"\n')
  writeProgram(
    join(box.root, 'a/tsc'),
    `#!/bin/sh\n{ pwd; echo "$PATH"; echo "$TOOL_IPC"; } >${seen}\necho "Version 5.9.3"\n`,
  )
  const PATH = `${shims}:.::${box.root}/a:/usr/bin:/bin`
  expect(versionOn(await located(box.at({env: {PATH, TOOL_IPC: '/socket'}})))).toBe('5.9.3 in a')
  expect(readFileSync(seen, 'utf8')).toBe(`${box.root}/a\n${box.root}/a:/usr/bin:/bin\n\n`)
})

test('our own store, and what stands for other version managers, are no part of the machine', async () => {
  await using box = machine('x')
  box.write('.toolversion', 'typescript ^5.9\n')
  const stored = putVersion(box, 'typescript', '5.8.3', {executables: ['tsc']})
  writeProgram(join(stored, 'bin/tsc'), '#!/bin/sh\necho "Version 5.9.3"\n')
  compiler(box, '.asdf/shims', '5.9.3')
  const mise = writeProgram(join(box.root, 'usr/bin/mise'), '#!/bin/sh\necho "Version 5.9.3"\n')
  mkdirSync(join(box.root, 'managed'))
  symlinkSync(mise, join(box.root, 'managed/tsc'))
  const PATH = [join(stored, 'bin'), join(box.root, '.asdf/shims'), join(box.root, 'managed')].join(':')
  expect(await located(box.at({env: {PATH}}))).toMatchObject({via: 'missing', because: {unasked: []}})
  expect(askedIn(box)).toEqual([])
})

test('a script for node runs under the Node that is pinned', async () => {
  await using box = machine('a')
  box.write('.toolversion', 'typescript ^5.9\nnode 22\n')
  const node = join(putVersion(box, 'node', '22.1.0', {executables: ['node']}), 'bin/node')
  const file = writeProgram(join(box.root, 'a/tsc'), '#!/usr/bin/env node\nconsole.log("Version 5.9.3")\n')
  const context = box.at({env: {PATH: `${join(box.root, 'a')}:${process.env.PATH}`}})
  const resolved = await located(context)
  expect(versionOn(resolved)).toBe('5.9.3 in a')
  expect(commandOf(context, await loadDefinitions(context), resolved, 'tsc')).toMatchObject({
    file: node,
    args: [file],
  })
})

describe('the answers', () => {
  test('are kept below the cache, and a damaged file is as good as none', async () => {
    await using box = machine('a')
    box.write('.toolversion', 'typescript ^5.9\n')
    compiler(box, 'a', '5.9.3')
    await located(box.context)
    const folder = join(box.context.layout.cache, 'probes')
    expect(readdirSync(folder)).toEqual(['typescript.json'])
    for (const text of ['', 'null', '{}', '{"schema":1,"question":"","answers":null}', '[]', '{"schema":']) {
      writeFileSync(join(folder, 'typescript.json'), text)
      expect(needsAsking(await known(box.context))).toBe(true)
      expect(versionOn(await located(box.context))).toBe('5.9.3 in a')
    }
  })

  test('count also where they can’t be kept', async () => {
    await using box = machine('a')
    box.write('.toolversion', 'typescript ^5.9\n')
    compiler(box, 'a', '5.9.3')
    mkdirSync(box.context.layout.home, {recursive: true})
    writeFileSync(box.context.layout.cache, 'in the way')
    expect(versionOn(await located(box.context))).toBe('5.9.3 in a')
  })

  test('to another question don’t count', async () => {
    await using box = machine('a')
    box.write('.toolversion', 'typescript ^5.9\n')
    compiler(box, 'a', '5.9.3')
    await located(box.context)
    const {definitions} = box.context.layout
    mkdirSync(definitions)
    const own = {
      name: 'typescript',
      title: 'TypeScript',
      homepage: 'https://typescript.example/',
      sources: [{kind: 'npm', package: 'typescript'}],
      executables: {tsc: {path: 'bin/tsc'}},
      probe: {executable: 'tsc', args: ['-v'], regexp: 'Version (\\S+)'},
    }
    writeFileSync(join(definitions, 'typescript.json'), JSON.stringify(own))
    expect(needsAsking(await known(box.context))).toBe(true)
    await located(box.context)
    expect(askedIn(box).at(-1)).toMatch(/ -v$/)
  })
})

test('what is missing although all were asked is told without them', async () => {
  await using box = machine('a')
  box.write('.toolversion', 'typescript ^5.9\n')
  compiler(box, 'a', '5.8.2')
  const definitions = await loadDefinitions(box.context)
  const pins = [findPin(box.context, definitions, 'typescript')]
  appendFileSync(join(box.root, 'asked'), '')
  await expect(makeAvailable(box.context, definitions, pins, {install: false, ask})).rejects.toMatchObject({
    code: 'VERSION_NOT_INSTALLED',
    hint: "tool install 'typescript@^5.9'",
  })
})
