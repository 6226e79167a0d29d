import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {packageRoot} from './support/sandbox.ts'

const page = readFileSync(join(packageRoot, 'docs', 'errors.md'), 'utf8')
const listed = [...page.matchAll(/^\| ([A-Z][A-Z0-9_]+) \|/gm)].map(([, code]) => code ?? '')

const sources = ['src', 'bin', 'commands']
  .flatMap(folder =>
    readdirSync(join(packageRoot, folder), {recursive: true, encoding: 'utf8'}).map(name =>
      join(packageRoot, folder, name),
    ),
  )
  .filter(file => /\.(?:ts|cjs)$/.test(file))
  .map(file => readFileSync(file, 'utf8'))
  .join('\n')

/** Names in capitals that are no codes of ours: variables, Node's and undici's codes, those of an IPC connection. */
const foreign =
  /^(?:UND_ERR|ERR|EAI|TOOL|NO_COLOR|FORCE_COLOR|NODE_|(?:HTTPS?|ALL|NO)_PROXY|SSL_|(?:GITHUB|GH)_(?:ENTERPRISE_)?TOKEN$|GITHUB_API_URL$|CONNECTION_CLOSED$|REQUEST_TIMEOUT$|MESSAGE_UNSENDABLE$|BAD_|PEER_STALLED$|MODULE_NOT_FOUND$|INIT_CWD$|GPG_TTY$|VTE_VERSION$|SELF_SIGNED|UNABLE_TO|HPE)/

test('every error code of the sources is explained', () => {
  const thrown = [...sources.matchAll(/['`]([A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+)['`]/g)].map(
    ([, code]) => code ?? '',
  )
  const missing = [...new Set(thrown)].filter(code => !foreign.test(code) && !listed.includes(code))
  expect(missing).toEqual([])
})

test('every code that is explained exists, once', () => {
  expect(listed.filter(code => !sources.includes(code))).toEqual([])
  expect(listed.filter((code, index) => listed.indexOf(code) !== index)).toEqual([])
})
