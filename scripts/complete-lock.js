// Adds to package-lock.json the optional packages of other platforms that the registry at hand did not have when the
// lock file was written: `npm ci` refuses a lock file without them. Their versions are exact, from the packages that
// want them. Run after `npm install`.
import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {root} from './root.js'

const file = join(root, 'package-lock.json')
const lock = JSON.parse(readFileSync(file, 'utf8'))
const exact = /^\d+\.\d+\.\d+(?:-[\w.]+)?$/

for (const [path, {optionalDependencies = {}, dev}] of Object.entries(lock.packages)) {
  if (path === '') continue
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const place = `node_modules/${name}`
    if (lock.packages[place] || lock.packages[`${path}/${place}`] || !exact.test(version)) continue
    lock.packages[place] = {version, ...platformOf(name), optional: true, ...(dev && {dev: true})}
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)))
writeFileSync(file, `${JSON.stringify(lock, undefined, 2)}\n`)

/** Such packages tell in their names what they are for. */
function platformOf(name) {
  const words = name.split('/').at(-1).split('-')
  const pick = known => known.filter(word => words.includes(word))
  const os = pick([
    'aix',
    'android',
    'darwin',
    'freebsd',
    'linux',
    'netbsd',
    'openbsd',
    'openharmony',
    'sunos',
    'win32',
  ])
  const cpu = pick([
    'arm',
    'arm64',
    'ia32',
    'loong64',
    'mips64el',
    'ppc64',
    'riscv64',
    's390x',
    'wasm32',
    'x64',
  ])
  const libc = words.some(word => word.startsWith('musl'))
    ? ['musl']
    : words.some(word => word.startsWith('gnu'))
      ? ['glibc']
      : []
  return {...(os.length > 0 && {os}), ...(cpu.length > 0 && {cpu}), ...(libc.length > 0 && {libc})}
}
