import {expect, test} from 'vitest'
import {tarballUrl} from '../../src/source/npm-tarball.ts'

const npmjs = 'https://registry.npmjs.org/ore/-/ore-1.0.0.tgz'
const mirror = 'https://mirror.example:8443/npm/'

test.each([
  ['npmjs', npmjs, mirror, 'https://mirror.example:8443/npm/ore/-/ore-1.0.0.tgz'],
  ['npmjs', npmjs, 'https://registry.npmjs.org/', npmjs],
  ['npmjs', 'https://cdn.example/ore.tgz', mirror, 'https://cdn.example/ore.tgz'],
  ['npmjs', `${mirror}ore/-/ore-1.0.0.tgz`, mirror, `${mirror}ore/-/ore-1.0.0.tgz`],
  ['never', npmjs, mirror, npmjs],
  ['always', 'https://cdn.example/npm/ore.tgz', mirror, 'https://mirror.example:8443/npm/ore.tgz'],
  ['cdn.example', 'https://cdn.example/ore.tgz', mirror, 'https://mirror.example:8443/npm/ore.tgz'],
  ['cdn.example', npmjs, mirror, npmjs],
  ['https://old.example/a/b', 'https://old.example/a/b/ore.tgz', mirror, `${mirror}ore.tgz`],
])('%s: %s by way of %s', (replace, tarball, registry, expected) => {
  expect(tarballUrl(tarball, registry, replace)).toBe(expected)
})
