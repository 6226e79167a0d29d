import {readFileSync} from 'node:fs'

type Libc = 'glibc' | 'musl'

/** A machine that programs are built for, in Node's words for os and architecture. */
export interface Platform {
  os: string
  arch: string
  /** Only on Linux: the C library that programs link to. */
  libc?: Libc
}

/** The platform of this process. */
export function currentPlatform(): Platform {
  const {platform: os, arch} = process
  if (os !== 'linux') return {os, arch}
  let libc: Libc | undefined
  return {
    os,
    arch,
    // Few ask for it, and it takes a look at the disk.
    get libc() {
      libc ??= detectLibc()
      return libc
    },
  }
}

/** Stands in place of a platform's name where one thing serves all of them. */
export const anyPlatform = 'any'

/** The name that definitions and lock files use: `linux-x64`, `linux-x64-musl`, `darwin-arm64`. */
export function platformName({os, arch, libc}: Platform): string {
  return libc === 'musl' ? `${os}-${arch}-musl` : `${os}-${arch}`
}

/** The platform of such a name; undefined for what is none. */
export function parsePlatformName(name: string): Platform | undefined {
  const [os, arch, libc, ...more] = name.split('-')
  if (!os || !arch || more.length > 0 || (libc !== undefined && libc !== 'musl')) return undefined
  return os === 'linux' ? {os, arch, libc: libc ?? 'glibc'} : {os, arch}
}

function detectLibc(): Libc {
  try {
    // The loader named in a system program's header tells the libc of the machine, whatever Node was linked to.
    const header = readFileSync('/usr/bin/env').subarray(0, 2048).toString('latin1')
    return header.includes('ld-musl-') ? 'musl' : 'glibc'
  } catch {
    return 'glibc'
  }
}
