import {createHash} from 'node:crypto'
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {createNetwork} from '../../src/fetch/network.ts'
import {mirror} from '../../src/house/mirror.ts'
import {install} from '../../src/install/install.ts'
import {listInstalled} from '../../src/store/installed.ts'
import {readReceipt} from '../../src/store/receipt.ts'
import {indexToolchain} from '../support/indexes.ts'
import {createSigner, type SigningOptions} from '../support/minisign.ts'
import {startRegistry} from '../support/registry.ts'
import {sandbox} from '../support/sandbox.ts'
import {packageTarball} from '../support/tarball.ts'
import {request, storeListing} from '../support/toolchain.ts'

const signer = createSigner()
const bytes = packageTarball({'bin/ore': '#!/bin/sh\necho 1.0.0\n'})

/** A toolchain whose archive is signed as a test wants it. */
async function machine(options: SigningOptions | undefined, signed: Uint8Array = bytes) {
  const registry = await startRegistry()
  const box = sandbox(registry.env)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  registry.serve('/index.json', JSON.stringify({'1.0.0': {url: 'ore-1.0.0.tar.gz', sha256}}))
  registry.serve('/ore-1.0.0.tar.gz', bytes)
  if (options) registry.serve('/ore-1.0.0.tar.gz.minisig', signer.sign(signed, options))
  const minisign = {publicKey: signer.publicKey, url: '{url}.minisig'}
  return {
    registry,
    box,
    definition: indexToolchain(registry, {signature: {minisign}}),
    async [Symbol.asyncDispose]() {
      await registry[Symbol.asyncDispose]()
      await box[Symbol.asyncDispose]()
    },
  }
}

const file = 'ore-1.0.0.tar.gz'

test.each([true, false])('a signed archive is installed (of its hash: %s)', async prehashed => {
  await using m = await machine({file, prehashed})
  const {directory} = await install(m.box.context, request(m.definition, '1.0.0'))
  expect(readFileSync(join(directory, 'bin', 'ore'), 'utf8')).toContain('echo 1.0.0')
  expect(m.registry.requests).toContain('GET /ore-1.0.0.tar.gz.minisig')
  const receipt = JSON.parse(readFileSync(join(directory, 'receipt.json'), 'utf8'))
  expect(receipt.signature).toEqual({kind: 'minisign', verified: true})
})

test.each([
  ['other bytes', {file}, Buffer.from('x'), 'SIGNATURE_INVALID'],
  ['other bytes, as a whole', {file, prehashed: false}, Buffer.from('x'), 'SIGNATURE_INVALID'],
  ['an older file', {file: 'ore-0.9.0.tar.gz'}, bytes, 'SIGNATURE_INVALID'],
  ['nothing', undefined, bytes, 'SIGNATURE_MISSING'],
])('a signature of %s installs nothing', async (_what, options, signed, code) => {
  await using m = await machine(options, signed)
  await expect(install(m.box.context, request(m.definition, '1.0.0'))).rejects.toMatchObject({code})
  expect(listInstalled(m.box.context, 'ore')).toEqual([])
  expect(storeListing(m.box.context).filter(path => /1\.0\.0/.test(path))).toEqual([])
})

test('a mirror takes only what is signed', async () => {
  await using m = await machine({file}, Buffer.from('x'))
  const definitions = {get: () => m.definition} as never
  const pins = [
    {
      toolchain: 'ore',
      specs: [{kind: 'exact', version: '1.0.0', text: '1.0.0'}],
      origin: {kind: 'default'},
      baseDirectory: m.box.project,
    },
  ] as const
  const filling = mirror(m.box.context, definitions, {
    pins: [...pins] as never,
    directory: join(m.box.root, 'mirror'),
  })
  await expect(filling).rejects.toMatchObject({code: 'SIGNATURE_INVALID'})
})

test('what was fetched before is installed again offline, by its digest', async () => {
  await using m = await machine({file})
  await install(m.box.context, request(m.definition, '1.0.0'))
  const network = createNetwork(m.box.context, {offline: true})
  const again = await install(m.box.context, request(m.definition, '1.0.0'), {network, force: true})
  expect(again.fresh).toBe(true)
  // Nobody looked at its signature this time, and the receipt doesn't say that somebody did.
  expect(readReceipt(again)?.signature).toEqual({kind: 'minisign', verified: false})
})

test.each([
  ['another kind', 'sha512', bytes, undefined],
  [
    'another kind, and of other bytes than the source says',
    'sha512',
    packageTarball({'bin/ore': 'evil'}),
    'INTEGRITY_MISMATCH',
  ],
  ['a weak kind', 'sha1', bytes, undefined],
])('a lock whose digest is of %s', async (_what, algorithm, served, code) => {
  await using m = await machine({file})
  m.registry.serve('/ore-1.0.0.tar.gz', served)
  const integrity = `${algorithm}-${createHash(algorithm).update(served).digest('base64')}`
  const promised = {integrity, url: `${m.registry.url}ore-1.0.0.tar.gz`}
  // Without its signature, which would tell as well.
  const definition = indexToolchain(m.registry)
  const installing = install(m.box.context, {...request(definition, '1.0.0'), promised})
  if (code === undefined) expect((await installing).fresh).toBe(true)
  else await expect(installing).rejects.toMatchObject({code})
})
