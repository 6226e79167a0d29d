import {expect, test} from 'vitest'
import {directHosts} from '../../src/fetch/no-proxy.ts'

const rows: [noProxy: string, url: string, direct: boolean][] = [
  ['', 'http://a.example/', false],
  ['example.com', 'https://example.com/', true],
  ['example.com', 'https://EXAMPLE.com./', true],
  ['example.com', 'https://a.b.example.com/', true],
  ['example.com', 'https://badexample.com/', false],
  ['.example.com', 'https://example.com/', true],
  ['.example.com', 'https://a.example.com/', true],
  ['*.example.com', 'https://a.example.com/', true],
  ['*.example.com', 'https://example.com/', false],
  ['*', 'https://anything.example/', true],
  ['a.example, b.example', 'https://b.example/', true],
  ['a.example b.example', 'https://b.example/', true],
  ['a.example:8080', 'http://a.example:8080/', true],
  ['a.example:8080', 'http://a.example/', false],
  ['a.example:443', 'https://a.example/', true],
  ['*:80', 'https://a.example/', false],
  ['127.0.0.1', 'http://127.0.0.1:3000/', true],
  ['127.0.0.1:3000', 'http://127.0.0.1:3001/', false],
  ['10.0.0.0/8', 'http://10.1.2.3/', true],
  ['10.0.0.0/8', 'http://11.1.2.3/', false],
  ['10.0.0.0/8', 'http://10.example/', false],
  ['fd00::/8', 'http://[fd12::1]/', true],
  ['fd00::/8', 'http://10.1.2.3/', false],
  ['::1', 'http://[::1]:80/', true],
  ['[::1]', 'http://[::1]:80/', true],
  ['[::1]:81', 'http://[::1]:80/', false],
  ['0:0:0:0:0:0:0:1', 'http://[::1]/', true],
  ['10.0.0.0/99', 'http://10.0.0.0/', false],
  ['/8', 'http://10.0.0.0/', false],
  ['.', 'http://a.example/', false],
  [',,', 'http://a.example/', false],
]

test.each(rows)('%j and %s: without a proxy %j', (noProxy, url, direct) => {
  expect(directHosts(noProxy)(new URL(url))).toBe(direct)
})
