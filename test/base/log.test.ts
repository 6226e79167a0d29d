import {expect, test} from 'vitest'
import {createLogger, type LogLevel} from '../../src/base/log.ts'

test.each<[LogLevel, string[]]>([
  ['error', ['error']],
  ['info', ['error', 'warning', 'info']],
  ['debug', ['error', 'warning', 'info', 'debug']],
])('at %s, what is as important is written', (level, expected) => {
  const written: string[] = []
  const log = createLogger(level, (_, at) => written.push(at))
  log.debug('d')
  log.info('i')
  log.warning('w')
  log.error('e')
  expect(written.reverse()).toEqual(expected)
})
