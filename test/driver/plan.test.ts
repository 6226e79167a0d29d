import {delimiter} from 'node:path'
import {describe, expect, test} from 'vitest'
import {planBuild, planServe, planWatch} from '../../src/driver/plan.ts'
import type {Program, TargetDefinition} from '../../src/driver/target.ts'
import {readWorkerId, workerId} from '../../src/driver/worker-id.ts'
import type {ServeSettings} from '../../src/model/project-config.ts'
import {sandbox} from '../support/sandbox.ts'
import {target} from '../support/targets.ts'

const bundler: TargetDefinition = {
  name: 'esbuild',
  build: {
    driver: 'stream',
    command: ['esbuild', '--log-limit=0'],
    needsArguments: true,
    exampleArguments: ['src/main.ts', '--bundle', '--outdir=dist'],
  },
  serve: {driver: 'stream', command: ['esbuild', '--serve={host}:{port}'], needsArguments: true},
}
const checker: TargetDefinition = {
  name: 'typescript',
  build: {driver: 'stream', command: ['tsc', '--pretty'], inputs: ['tsconfig.json']},
}
const program: Program = {
  file: '/bin/node',
  args: ['/store/cli.js'],
  binDirectories: ['/store/bin', '/node/bin'],
}
const basic = {
  root: '/somewhere',
  args: [],
  env: {PATH: '/usr/bin', HOME: '/home/me'},
  color: false,
  trust: 'unknown' as const,
}

function planFor(definition: TargetDefinition, settings?: ServeSettings) {
  return {...basic, target: target(definition, program, settings)}
}

describe('a stream compiler', () => {
  test('gets the arguments of definition, tool.json and person, in that order', () => {
    const spec = planBuild({...planFor(bundler, {args: ['a.ts', '--bundle']}), args: ['--minify']})
    expect(spec).toMatchObject({
      id: 'build:esbuild@1.2.3',
      label: 'esbuild',
      file: '/bin/node',
      args: ['/store/cli.js', '--log-limit=0', 'a.ts', '--bundle', '--minify'],
      cwd: '/somewhere',
      stdin: 'none',
      readiness: {by: 'spawn'},
      restart: {restart: 'temporary'},
    })
    expect(spec.ipc).toBeUndefined()
    expect(spec.interpreter?.().line('stderr', '✘ [ERROR] gone')).toEqual([])
  })

  test('is served with input that does not end, and is restarted when it fails', () => {
    expect(planServe(planFor(bundler, {args: ['x'], readyTimeout: 2}))).toMatchObject({
      id: 'serve:esbuild@1.2.3',
      args: ['/store/cli.js', '--serve=127.0.0.1:0', 'x'],
      stdin: 'open',
      readiness: {by: 'server', timeout: 2000},
      restart: {restart: 'transient'},
    })
  })
})

describe('a compiler of the protocol', () => {
  const definition: TargetDefinition = {
    name: 'sitec',
    build: {driver: 'protocol', command: ['sitec', 'worker']},
    serve: {driver: 'protocol', command: ['sitec', 'worker', '{host}', '{port}']},
  }

  test("hears the person's arguments over its socket", () => {
    const spec = planBuild({...planFor(definition, {args: ['pages']}), args: ['--drafts']})
    expect(spec).toMatchObject({
      args: ['/store/cli.js', 'worker'],
      ipc: {root: '/somewhere', mode: 'build', arguments: ['pages', '--drafts']},
      readiness: {by: 'protocol'},
      stdin: 'none',
    })
    expect(spec.interpreter).toBeUndefined()
  })

  test('hears where to listen', () => {
    const spec = planServe({...planFor(definition), host: '::1', port: 8080})
    expect(spec.args).toEqual(['/store/cli.js', 'worker', '::1', '8080'])
    expect(spec.ipc?.server).toEqual({host: '::1', port: 8080})
  })
})

describe('to be kept at work', () => {
  const own = {driver: 'stream' as const, command: ['tsc', '--watch'], begins: '^begin', ends: '^end'}

  test('a compiler with a watch mode watches by itself, and is ready after its first run', () => {
    const {kind, spec} = planWatch(planFor({...checker, watch: own}, {args: ['-p', 'app']}))
    expect(kind).toBe('own')
    expect(spec).toMatchObject({
      id: 'watch:typescript@1.2.3',
      args: ['/store/cli.js', '--watch', '-p', 'app'],
      stdin: 'open',
      readiness: {by: 'task'},
      restart: {restart: 'transient'},
    })
    const reader = spec.interpreter?.()
    expect(reader?.begin?.()).toEqual([
      {method: 'task/start', params: {taskId: 'run-1', title: 'typescript 1.2.3'}},
    ])
    expect(reader?.line('stdout', 'end')).toEqual([
      {method: 'task/finish', params: {taskId: 'run-1', status: 1}},
    ])
    // The next process counts on.
    expect(spec.interpreter?.().begin?.()).toMatchObject([{params: {taskId: 'run-2'}}])
  })

  test('one that only builds is run on demand', () => {
    const {kind, spec} = planWatch(planFor(bundler, {args: ['src/main.ts']}))
    expect(kind).toBe('rerun')
    expect(spec).toMatchObject({
      id: 'watch:esbuild@1.2.3',
      args: ['/store/cli.js', '--log-limit=0', 'src/main.ts'],
      stdin: 'none',
      readiness: {by: 'spawn'},
      restart: {restart: 'on-demand'},
    })
  })

  test('one of the protocol lives on, and knows that it is watched', () => {
    const build = {driver: 'protocol' as const, command: ['sitec', 'build']}
    const {kind, spec} = planWatch(planFor({name: 'sitec', build}, {args: ['--drafts']}))
    expect(kind).toBe('compile')
    expect(spec).toMatchObject({
      ipc: {mode: 'watch', arguments: ['--drafts']},
      readiness: {by: 'protocol'},
      restart: {restart: 'transient'},
    })
  })

  test('without what it needs, it is told what to write', () => {
    expect(() => planWatch(planFor(bundler))).toThrow(
      expect.objectContaining({
        code: 'WATCH_NEEDS_ARGUMENTS',
        hint: expect.stringContaining(
          '{"build":{"esbuild":{"args":["src/main.ts","--bundle","--outdir=dist"]}}}',
        ),
      }),
    )
    expect(() => planWatch(planFor({...checker, watch: {...own, inputs: ['tsconfig.json']}}))).toThrow(
      expect.objectContaining({code: 'WATCH_INPUT_MISSING'}),
    )
  })

  test('an environment that is taken over from the build is called that', () => {
    const plan = planFor(bundler, {args: ['x'], environment: {A: 'b'}})
    expect(() => planWatch({...plan, target: {...plan.target, environmentFrom: 'build'}})).toThrow(
      'build.esbuild.environment',
    )
  })
})

test.each([
  [{}, {}, '127.0.0.1:0'],
  [{host: '0.0.0.0', port: 3000}, {}, '0.0.0.0:3000'],
  [{host: '0.0.0.0', port: 3000}, {host: 'localhost', port: 0}, 'localhost:0'],
  [{}, {host: '::1', port: 80}, '[::1]:80'],
  [{host: '::'}, {port: 81}, '[::]:81'],
])('tool.json %j and the command line %j listen on %s', (settings, wish, expected) => {
  const spec = planServe({...planFor(bundler, {args: ['x'], ...settings}), ...wish})
  expect(spec.args).toContain(`--serve=${expected}`)
})

describe('its environment', () => {
  const envOf = (color: boolean, env: Record<string, string>) =>
    planBuild({...planFor(bundler, {args: ['x']}), color, env: {...basic.env, ...env}}).env

  test('is the person’s, with the bin directories first on PATH', () => {
    expect(envOf(false, {LANG: 'C'})).toEqual({
      PATH: ['/store/bin', '/node/bin', '/usr/bin'].join(delimiter),
      HOME: '/home/me',
      LANG: 'C',
      NO_COLOR: '1',
    })
    expect(envOf(false, {PATH: ''}).PATH).toBe(['/store/bin', '/node/bin'].join(delimiter))
  })

  test('says whether there are colours, with one word only', () => {
    expect(envOf(true, {})).toMatchObject({FORCE_COLOR: '1'})
    expect(envOf(true, {FORCE_COLOR: '3', NO_COLOR: ''})).toMatchObject({FORCE_COLOR: '3'})
    expect(envOf(true, {NO_COLOR: '1'})).not.toHaveProperty('NO_COLOR')
    expect(envOf(false, {FORCE_COLOR: '1'})).not.toHaveProperty('FORCE_COLOR')
  })

  test('has what the definition sets, and what a trusted project sets', () => {
    const definition = {...bundler, environment: {A: 'definition', B: 'definition'}}
    const plan = planFor(definition, {args: ['x'], environment: {B: 'project'}})
    expect(planBuild({...plan, trust: 'trusted'}).env).toMatchObject({A: 'definition', B: 'project'})
    expect(() => planBuild(plan)).toThrow(
      expect.objectContaining({
        code: 'PROJECT_NOT_TRUSTED',
        exitCode: 3,
        message: expect.stringContaining('set B for esbuild'),
        hint: expect.stringContaining('tool trust'),
      }),
    )
    expect(() => planBuild({...plan, trust: 'changed'})).toThrow(/; tool\.json changed since it was trusted$/)
  })
})

describe('a compiler without anything to do', () => {
  test('needs arguments', () => {
    expect(() => planBuild(planFor(bundler))).toThrow(
      expect.objectContaining({
        code: 'BUILD_NEEDS_ARGUMENTS',
        exitCode: 2,
        message: expect.stringContaining('/somewhere/tool.json'),
        hint: expect.stringContaining(
          '{"build":{"esbuild":{"args":["src/main.ts","--bundle","--outdir=dist"]}}}',
        ),
      }),
    )
    expect(() => planServe(planFor(bundler, {args: []}))).toThrow(
      expect.objectContaining({code: 'SERVE_NEEDS_ARGUMENTS', exitCode: 2}),
    )
    expect(planBuild({...planFor(bundler), args: ['x']}).args).toContain('x')
  })

  test('needs its input', async () => {
    await using box = sandbox()
    const plan = {...planFor(checker), root: box.project}
    expect(() => planBuild(plan)).toThrow(
      expect.objectContaining({
        code: 'BUILD_INPUT_MISSING',
        exitCode: 2,
        message: `typescript finds nothing to build: there is no tsconfig.json in ${box.project}`,
      }),
    )
    expect(planBuild({...plan, args: ['a.ts']}).args).toContain('a.ts')
    box.write('tsconfig.json', '{}')
    expect(planBuild(plan).args).toEqual(['/store/cli.js', '--pretty'])
  })
})

test('the id of a worker tells toolchain and version', () => {
  const identity = {mode: 'serve', toolchain: 'esbuild', version: '0.28.2+a@b'} as const
  expect(readWorkerId(workerId(identity))).toEqual(identity)
  expect(readWorkerId('anything')).toBeUndefined()
})
