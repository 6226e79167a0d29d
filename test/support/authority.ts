import {execFileSync} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import type {Sandbox} from './sandbox.ts'

/** A certificate authority of one's own, and what it certified for this machine. */
export interface Authority {
  /** The path of its own certificate. */
  ca: string
  cert: NonSharedBuffer
  key: NonSharedBuffer
}

/** Makes an authority, and a certificate for `localhost` and 127.0.0.1 signed by it. */
export function createAuthority(box: Sandbox, name = 'authority'): Authority {
  const at = (file: string) => join(box.root, name, file)
  const extensions = box.write(
    `../${name}/extensions`,
    'subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n',
  )
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  const openssl = (...args: string[]) => execFileSync('openssl', args, {stdio: 'pipe'})
  openssl(
    'req',
    '-x509',
    ...newKey,
    '-days',
    '2',
    '-subj',
    `/CN=${name}`,
    '-keyout',
    at('ca.key'),
    '-out',
    at('ca.pem'),
  )
  openssl('req', ...newKey, '-subj', '/CN=localhost', '-keyout', at('key.pem'), '-out', at('request'))
  const signed = ['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial', '-days', '2']
  openssl('x509', '-req', '-in', at('request'), ...signed, '-extfile', extensions, '-out', at('cert.pem'))
  return {ca: at('ca.pem'), cert: readFileSync(at('cert.pem')), key: readFileSync(at('key.pem'))}
}
