import {execFileSync} from 'node:child_process'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {atExit} from '../../src/process/at-exit.ts'
import {packageRoot} from '../support/sandbox.ts'

test('many callbacks are one listener of the process, and none is left when they are taken back', () => {
  const before = process.listenerCount('exit')
  const forget = Array.from({length: 20}, () => atExit(() => {}))
  expect(process.listenerCount('exit')).toBe(before + 1)
  for (const one of [...forget, ...forget]) one()
  expect(process.listenerCount('exit')).toBe(before)
})

test('all that are not taken back are called, in their order', () => {
  const module = JSON.stringify(join(packageRoot, 'src/process/at-exit.ts'))
  const script = `
    import {atExit} from ${module}
    atExit(() => console.log('one'))
    const forget = atExit(() => console.log('two'))
    atExit(() => console.log('three'))
    forget()
    process.exit(7)`
  const run = () => execFileSync(process.execPath, ['--input-type=module', '-e', script], {encoding: 'utf8'})
  expect(run).toThrow(expect.objectContaining({status: 7, stdout: 'one\nthree\n'}))
})
