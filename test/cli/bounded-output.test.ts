import {PassThrough} from 'node:stream'
import {expect, test} from 'vitest'
import {boundedOutput} from '../../src/cli/bounded-output.ts'

test('what nobody reads is left out beyond a limit, and told once there is room', () => {
  const stream = new PassThrough({highWaterMark: 1})
  const write = boundedOutput(stream, lost => `${lost} lost\n`, 100)
  for (let index = 0; index < 1000; index++) write(`line ${index}\n`)
  expect(stream.writableLength).toBeLessThan(200)
  let text = ''
  for (let chunk = stream.read(); chunk !== null; chunk = stream.read()) text += chunk
  // All was read.
  write('again\n')
  for (let chunk = stream.read(); chunk !== null; chunk = stream.read()) text += chunk
  const lines = text.trimEnd().split('\n')
  expect(lines.slice(0, 2)).toEqual(['line 0', 'line 1'])
  expect(lines.slice(-2)).toEqual([`${1000 - (lines.length - 2)} lost`, 'again'])
})

test('a reader that keeps up gets everything', async () => {
  const stream = new PassThrough()
  let text = ''
  stream.on('data', chunk => {
    text += chunk
  })
  const write = boundedOutput(stream, () => 'lost\n', 1000)
  for (let index = 0; index < 1000; index++) {
    write('some line\n')
    await new Promise(setImmediate)
  }
  expect(text).toBe('some line\n'.repeat(1000))
})
