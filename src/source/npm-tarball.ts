/**
 * Where to get a tarball. Mirrors pass on documents that name the host they mirror, so npm puts the
 * configured registry in its place.
 * @param replace npm's `replace-registry-host`: `never`, `always`, a host name, or the URL of a registry
 */
export function tarballUrl(tarball: string, registry: string, replace: string): string {
  const [from, to] = [new URL(tarball), new URL(registry)]
  if (replace === 'never') return tarball
  if (/^https?:/.test(replace)) {
    return tarball.startsWith(replace) ? join(to, tarball.slice(replace.length)) : tarball
  }
  if (replace !== 'always' && from.host !== replace) return tarball
  return join(
    to,
    from.pathname.startsWith(to.pathname) ? from.pathname.slice(to.pathname.length) : from.pathname,
  )
}

function join(registry: URL, path: string): string {
  return new URL(path.replace(/^\/+/, ''), registry).href
}
