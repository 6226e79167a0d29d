/** What this machine needs to reach the registry. */
export function realNetwork(): Record<string, string> {
  const names = /^(npm_config_.*|https?_proxy|no_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_FILE)$/i
  return Object.fromEntries(
    Object.entries(process.env).filter((pair): pair is [string, string] => names.test(pair[0])),
  )
}
