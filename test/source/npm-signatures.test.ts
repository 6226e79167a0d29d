import {describe, expect, test, vi} from 'vitest'
import type {NetworkSettings} from '../../src/base/network-settings.ts'
import {createNetwork} from '../../src/fetch/network.ts'
import type {Definition} from '../../src/model/definition.ts'
import {openSource} from '../../src/source/open.ts'
import {createSigner, startRegistry} from '../support/registry.ts'
import {type Sandbox, sandbox} from '../support/sandbox.ts'
import {impatient, npmToolchain} from '../support/toolchain.ts'

const ore = npmToolchain('ore')
const keysPath = 'GET /-/npm/v1/keys'

function artifact(box: Sandbox, version: string, settings: NetworkSettings = {}, definition = ore) {
  const context = {...box.context, network: () => settings}
  const network = createNetwork(context, impatient)
  return openSource(context, definition, {network}).artifact(version)
}

const invalid = {code: 'SIGNATURE_INVALID', exitCode: 6}
const missing = {code: 'SIGNATURE_MISSING', exitCode: 6, message: expect.stringContaining('(set by ')}

describe('a signed version', () => {
  test('is taken, and the keys are asked for once a day', async () => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    const signer = createSigner('SHA256:one')
    registry.offerKeys(createSigner('SHA256:other'), signer)
    for (const version of ['1.0.0', '1.1.0']) registry.publish('ore', version, {}, {signer})
    expect((await artifact(box, '1.0.0')).integrity).toMatch(/^sha512-/)
    await artifact(box, '1.1.0', {verify: 'required'})
    expect(registry.requests.filter(line => line === keysPath)).toHaveLength(1)
    vi.useFakeTimers({now: Date.now() + 25 * 60 * 60_000, toFake: ['Date']})
    try {
      await artifact(box, '1.0.0')
    } finally {
      vi.useRealTimers()
    }
    expect(registry.requests.filter(line => line === keysPath)).toHaveLength(2)
  })

  test('with a key that is new is taken as well', async () => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    const [old, next] = [createSigner('SHA256:old'), createSigner('SHA256:new')]
    registry.offerKeys(old)
    registry.publish('ore', '1.0.0', {}, {signer: old})
    await artifact(box, '1.0.0')
    registry.offerKeys(old, next)
    registry.publish('ore', '1.1.0', {}, {signer: next})
    vi.useFakeTimers({now: Date.now() + 6 * 60_000, toFake: ['Date']})
    try {
      await artifact(box, '1.1.0', {verify: 'required'})
    } finally {
      vi.useRealTimers()
    }
  })

  test.each([
    ['another digest', {integrity: `sha512-${Buffer.alloc(64).toString('base64')}`}],
    ['another version', {version: '0.9.0'}],
    ['another package', {name: 'iron'}],
  ])('whose signature is of %s is refused, whatever is required', async (_what, signed) => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    const signer = createSigner('SHA256:one')
    registry.offerKeys(signer)
    const sign = (text: string) => {
      const [, name, version, integrity] = /^(.*)@(.*):(.*)$/.exec(text) ?? []
      const other = {name, version, integrity, ...signed}
      return signer.sign(`${other.name}@${other.version}:${other.integrity}`)
    }
    registry.publish('ore', '1.0.0', {}, {signer: {...signer, sign}})
    await expect(artifact(box, '1.0.0')).rejects.toMatchObject(invalid)
    await expect(artifact(box, '1.0.0', {verify: 'required'})).rejects.toMatchObject(invalid)
  })

  test.each(['', 'AAAA', 'not base64!'])('whose signature is %j is refused', async sig => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    const signer = createSigner('SHA256:one')
    registry.offerKeys(signer)
    registry.publish('ore', '1.0.0', {}, {signer: {...signer, sign: () => sig}})
    await expect(artifact(box, '1.0.0')).rejects.toMatchObject(invalid)
  })

  test('by a key that expired is good if it was published before', async () => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    const signer = createSigner('SHA256:one', '2024-06-01T00:00:00.000Z')
    registry.offerKeys(signer)
    registry.publish('ore', '1.0.0', {}, {signer, published: '2024-05-31T00:00:00.000Z'})
    registry.publish('ore', '1.1.0', {}, {signer, published: '2024-06-02T00:00:00.000Z'})
    await artifact(box, '1.0.0', {verify: 'required'})
    await expect(artifact(box, '1.1.0')).rejects.toMatchObject({
      ...invalid,
      message: expect.stringContaining('expired 2024-06-01'),
    })
  })

  test.each([
    ['has no list of keys', 404, ''],
    ['answers with a page', 200, '<html>'],
    ['has a list of another shape', 200, '{"keys":{"one":null}}'],
    ['has keys of another kind', 200, '{"keys":[null,{"keyid":"SHA256:one","keytype":"rsa","key":"x"}]}'],
    ['fails', 500, ''],
  ])('of a registry that %s can not be judged', async (_what, status, body) => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    registry.on('/-/npm/v1/keys', (_, response) => response.writeHead(status).end(body))
    registry.publish('ore', '1.0.0', {}, {signer: createSigner('SHA256:one')})
    await artifact(box, '1.0.0')
    const failure = status === 500 ? {code: 'NETWORK_UNAVAILABLE', exitCode: 5} : missing
    await expect(artifact(box, '1.0.0', {verify: 'required'})).rejects.toMatchObject(failure)
  })
})

describe('an unsigned version', () => {
  test('is taken, without asking for keys, unless config.json wants a signature', async () => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    registry.publish('ore', '1.0.0', {})
    await artifact(box, '1.0.0')
    expect(registry.requests).not.toContain(keysPath)
    const failure = {...missing, hint: expect.stringContaining('tool config set verify available')}
    await expect(artifact(box, '1.0.0', {verify: 'required'})).rejects.toMatchObject(failure)
  })

  test('is refused where the definition wants a signature', async () => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    registry.publish('ore', '1.0.0', {})
    const definition: Definition = {...ore, sources: [{kind: 'npm', package: 'ore', verify: 'required'}]}
    await expect(artifact(box, '1.0.0', {}, definition)).rejects.toMatchObject({
      ...missing,
      message: expect.stringContaining('(set by the definition of ore)'),
    })
  })

  test('is not taken from a lock either, where a signature is wanted', async () => {
    await using registry = await startRegistry()
    await using box = sandbox(registry.env)
    registry.publish('ore', '1.0.0', {})
    const {url, integrity} = await artifact(box, '1.0.0')
    const locked = (settings: NetworkSettings) =>
      openSource({...box.context, network: () => settings}, ore).locked('1.0.0', {url, integrity})
    await locked({})
    await expect(locked({verify: 'required'})).rejects.toMatchObject(missing)
  })
})
