import {expect, test} from 'vitest'
import {tarballUrl} from '../../src/source/npm-tarball.ts'

const official = 'https://registry.example/ore/-/ore-1.0.0.tgz'
const mirror = 'https://mirror.example:8443/npm/'

test.each([
  ['registry.example', official, mirror, 'https://mirror.example:8443/npm/ore/-/ore-1.0.0.tgz'],
  ['registry.example', official, 'https://registry.example/', official],
  ['registry.example', 'https://cdn.example/ore.tgz', mirror, 'https://cdn.example/ore.tgz'],
  ['registry.example', `${mirror}ore/-/ore-1.0.0.tgz`, mirror, `${mirror}ore/-/ore-1.0.0.tgz`],
  ['never', official, mirror, official],
  ['always', 'https://cdn.example/npm/ore.tgz', mirror, 'https://mirror.example:8443/npm/ore.tgz'],
  ['cdn.example', 'https://cdn.example/ore.tgz', mirror, 'https://mirror.example:8443/npm/ore.tgz'],
  ['cdn.example', official, mirror, official],
  ['https://old.example/a/b', 'https://old.example/a/b/ore.tgz', mirror, `${mirror}ore.tgz`],
])('%s: %s by way of %s', (replace, tarball, registry, expected) => {
  expect(tarballUrl(tarball, registry, replace)).toBe(expected)
})
