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

/** The address that a registry gives a tarball, unless it has its own ways. */
export function usualTarballUrl(registry: string, name: string, version: string): string {
  return new URL(`${name}/-/${name.replace(/^@[^/]*\//, '')}-${version}.tgz`, registry).href
}

/**
 * A tarball's address as a lock file keeps it: in the public registry's name, which everybody's npm puts their own in
 * the place of. Where npm is told not to (`never`), it stays as it is.
 */
export function portableUrl(
  url: string,
  {registry, publicRegistry, replace}: {registry: string; publicRegistry: string; replace: string},
): string {
  if (replace === 'never' || !url.startsWith(registry)) return url
  return publicRegistry + url.slice(registry.length)
}

function join(registry: URL, path: string): string {
  return new URL(path.replace(/^\/+/, ''), registry).href
}
