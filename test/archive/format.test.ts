import {expect, test} from 'vitest'
import {formatOf} from '../../src/archive/format.ts'

test.each([
  ['node-v24.1.0-linux-x64.tar.gz', 'tar.gz'],
  ['typescript-5.9.3.tgz', 'tar.gz'],
  ['zig-x86_64-linux-0.15.1.tar.xz', 'tar.xz'],
  ['a.txz', 'tar.xz'],
  ['python-3.14+20251010-x86_64.tar.zst', 'tar.zst'],
  ['a.TZST', 'tar.zst'],
  ['a.tar.br', 'tar.br'],
  ['a.tar', 'tar'],
  ['deno-x86_64-pc-windows-msvc.ZIP', 'zip'],
  ['buf-Linux-x86_64', 'executable'],
  ['buf-Windows-x86_64.exe', 'executable'],
  ['jq-1.7.1', 'executable'],
  ['tool-v1.0.0-linux-amd64', 'executable'],
  ['tool.linux-x64', 'executable'],
  ['nvim.AppImage', 'executable'],
  ['binary-for-linux-64-bit.gz', 'executable.gz'],
  ['rust-analyzer-x86_64-unknown-linux-gnu.xz', 'executable.xz'],
  ['tool.exe.zst', 'executable.zst'],
  ['tool.br', 'executable.br'],
])('%s is %s', (name, format) => {
  expect(formatOf(name)).toBe(format)
})

test.each([
  'a.tar.bz2',
  'a.7z',
  'a.msi',
  'a.deb',
  'a.tar.gz.sha256',
  'a.tar.gz.asc',
  'SHASUMS256.txt',
  'notes.txt.gz',
  'a.zip.gz',
  'a.tar.gz.xz',
  'a.tgz.gz',
])('%s can not be unpacked', name => {
  expect(formatOf(name)).toBeUndefined()
})
