import {expect, test} from 'vitest'
import {currentPlatform, parsePlatformName, platformName} from '../../src/base/platform.ts'

test('platforms have the names of definitions and lock files', () => {
  expect(platformName({os: 'linux', arch: 'x64', libc: 'glibc'})).toBe('linux-x64')
  expect(platformName({os: 'linux', arch: 'arm64', libc: 'musl'})).toBe('linux-arm64-musl')
  expect(platformName({os: 'darwin', arch: 'arm64'})).toBe('darwin-arm64')
})

test('this machine has an os, an architecture and, on Linux, a libc', () => {
  const {os, arch, libc} = currentPlatform()
  expect([os, arch]).toEqual([process.platform, process.arch])
  expect(libc === 'glibc' || libc === 'musl').toBe(process.platform === 'linux')
})

test.each(['linux-x64', 'linux-arm64-musl', 'darwin-arm64', 'win32-x64'])(
  '%s is read as it is written',
  name => {
    const platform = parsePlatformName(name)
    expect(platform && platformName(platform)).toBe(name)
  },
)

test.each(['', 'any', 'linux', 'linux-', '-x64', 'linux-x64-gnu', 'a-b-musl-d'])(
  '%j is no name of a platform',
  name => {
    expect(parsePlatformName(name)).toBeUndefined()
  },
)
