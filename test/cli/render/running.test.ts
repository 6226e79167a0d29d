import {expect, test} from 'vitest'
import {renderRunning} from '../../../src/cli/render/running.ts'

const worker = {
  toolchain: 'esbuild',
  version: '0.28.2',
  mode: 'serve',
  state: 'ready',
  pid: 4711,
  uptime: 3_723_000,
  restarts: 1,
  memory: 41_000_000,
  cpuTime: 1234,
  urls: ['http://127.0.0.1:49213/'],
} as const
const project = {root: '/home/ann/app', pid: 4700, version: '1.0.0', detached: true, started: 0}
const projects = [{...project, workers: [{...worker, urls: [...worker.urls]}]}]
const context = {userHome: '/home/ann'}

test('all columns where there is room', () => {
  expect(renderRunning(projects, context, 120)).toBe(
    'PROJECT  TOOLCHAIN       MODE   STATE  PID   UPTIME  RESTARTS  MEMORY   CPU TIME  URL\n' +
      '~/app*   esbuild 0.28.2  serve  ready  4711  1h 2m   1         41.0 MB  1.2s      http://127.0.0.1:49213/\n',
  )
  expect(renderRunning(projects, context)).toBe(renderRunning(projects, context, 120))
})

test('in a narrow terminal what is least missed is left out, as much as is needed', () => {
  const head = (width: number) =>
    renderRunning(projects, context, width)
      .split('\n')[0]
      ?.split(/\s{2,}/)
  const most = [
    'PROJECT',
    'TOOLCHAIN',
    'MODE',
    'STATE',
    'PID',
    'UPTIME',
    'RESTARTS',
    'MEMORY',
    'CPU TIME',
    'URL',
  ]
  const without = (...names: string[]) => most.filter(name => !names.includes(name))
  expect(head(100)).toEqual(without('CPU TIME'))
  expect(head(80)).toEqual(without('CPU TIME', 'MEMORY', 'RESTARTS'))
  expect(head(10)).toEqual(without('CPU TIME', 'MEMORY', 'RESTARTS', 'UPTIME', 'PID'))
})

test('nothing where nothing runs', () => {
  expect(renderRunning([], context, 80)).toBe('')
})
