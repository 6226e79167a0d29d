const units = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 7 * 86_400_000,
} as const

const written = /^(\d{1,6}(?:\.\d{1,3})?) ?(minute|hour|day|week)s?$/

/** The milliseconds of a span of time as a person writes it, such as `3 days` or `12 hours`; undefined for what is none. */
export function parseDuration(text: string): number | undefined {
  const [, count, unit] = written.exec(text.trim()) ?? []
  if (count === undefined || unit === undefined) return undefined
  return Number(count) * units[unit as keyof typeof units]
}

/** A span of time in the largest unit that it has at least one of: `3 days`, `1 hour`. */
export function printDuration(ms: number): string {
  const [name, length] = (Object.entries(units) as [string, number][]).findLast(
    ([unit, length]) => unit !== 'week' && ms >= length,
  ) ?? ['minute', units.minute]
  const count = Math.floor(ms / length)
  return `${count} ${name}${count === 1 ? '' : 's'}`
}
