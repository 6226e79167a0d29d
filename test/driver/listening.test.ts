import {expect, test} from 'vitest'
import {listeningInterpreter} from '../../src/driver/listening.ts'

const byUrl = '(?<url>https?://\\S+)'
const listen = (ready: string, text: string, host = '127.0.0.1') =>
  listeningInterpreter(ready, host).line('stdout', text)

test.each([
  [byUrl, ' > Local: http://127.0.0.1:41367/', 'http://127.0.0.1:41367/', '127.0.0.1', 41_367, 'http'],
  [byUrl, ' > Local: http://[::1]:43687/', 'http://[::1]:43687/', '::1', 43_687, 'http'],
  [byUrl, 'at https://localhost', 'https://localhost/', 'localhost', 443, 'https'],
  [
    byUrl,
    '\u001b[1mhttp://\u001b[0mhost:\u001b[32m80\u001b[0m81/x',
    'http://host:8081/x',
    'host',
    8081,
    'http',
  ],
  ['port (?<port>\\d+)', 'on port 3000', 'http://127.0.0.1:3000/', '127.0.0.1', 3000, 'http'],
  ['(?<protocol>https) (?<host>\\S+) (?<port>\\d+)', 'https ::1 3', 'https://[::1]:3/', '::1', 3, 'https'],
  ['(?<host>0\\S+):(?<port>\\d+)', '0.0.0.0:99', 'http://127.0.0.1:99/', '0.0.0.0', 99, 'http'],
  ['(?<host>::):(?<port>\\d+)', ':::99', 'http://localhost:99/', '::', 99, 'http'],
])('%s in %j', (ready, text, url, host, port, protocol) => {
  expect(listen(ready, text)).toEqual([{method: 'server/listening', params: {url, host, port, protocol}}])
})

test('what is no address of a server is passed over', () => {
  expect(listen(byUrl, 'nothing here')).toEqual([])
  expect(listen(byUrl, 'http://127.0.0.1:0/')).toEqual([])
  expect(listen('(?<url>\\S+)', 'file:///etc/passwd')).toEqual([])
  expect(listen('port (?<port>\\d+)', 'port 70000')).toEqual([])
})

test('a server is announced once, and again when it moves', () => {
  const interpreter = listeningInterpreter(byUrl, '127.0.0.1')
  const said = ['http://a:1/', 'http://a:1/', 'http://a:2/'].flatMap(text => interpreter.line('stderr', text))
  expect(said.map(({method}) => method)).toEqual(['server/listening', 'server/closed', 'server/listening'])
  expect(said[1]?.params).toEqual({url: 'http://a:1/'})
})
