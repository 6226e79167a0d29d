const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/** A number of bytes for people, in powers of 1000: `23.4 MB`. */
export function renderBytes(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1)
  const value = bytes / 1000 ** power
  return `${power === 0 ? value : value.toFixed(1)} ${units[power]}`
}
