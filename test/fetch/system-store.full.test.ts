import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {copyFileSync, mkdirSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {createAuthority} from '../support/authority.ts'
import {sandbox} from '../support/sandbox.ts'
import {startSecure} from '../support/secure-server.ts'

const getter = new URL('../../fixtures/programs/get-text.ts', import.meta.url).pathname

test.runIf(process.platform === 'linux')('whom the system trusts is trusted', async () => {
  await using box = sandbox({npm_config_globalconfig: '/none/npmrc'})
  const authority = createAuthority(box)
  await using server = await startSecure((_, response) => response.end('hello'), authority)
  const store = join(box.root, 'store')
  mkdirSync(store)
  const get = async () => {
    // Another store, which only this process sees.
    const script = 'mount --bind "$0" /etc/ssl/certs && exec "$@"'
    const child = spawn(
      '/usr/bin/unshare',
      ['-m', 'sh', '-c', script, store, process.execPath, getter, server.url.href],
      {
        env: box.context.env,
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
    const [stdout, stderr] = await Promise.all([
      child.stdout.toArray(),
      child.stderr.toArray(),
      once(child, 'exit'),
    ])
    return Buffer.concat([...stdout, ...stderr]).toString()
  }
  expect(await get()).toContain("code: 'NETWORK_CERTIFICATE'")
  copyFileSync(authority.ca, join(store, 'authority.pem'))
  expect(await get()).toBe('hello')
})
