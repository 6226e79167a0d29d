const times: Readonly<Record<string, number>> = {ms: 1, s: 1000, m: 60_000, h: 3_600_000}
const sizes: Readonly<Record<string, number>> = {B: 1, kB: 1000, MB: 1_000_000, GB: 1_000_000_000}

/** The milliseconds of a span such as `500ms` or `5s`, of the form that the schema asks for. */
export function milliseconds(span: string): number {
  return amount(span, times)
}

/** The bytes of a size such as `5MB`, of the form that the schema asks for. */
export function bytes(size: string | number): number {
  return typeof size === 'number' ? size : Math.ceil(amount(size, sizes))
}

function amount(text: string, units: Readonly<Record<string, number>>): number {
  const [, count = '', unit = ''] = /^([\d.]+) ?(\w+)$/.exec(text) ?? []
  const factor = units[unit]
  if (factor === undefined) throw new Error(`${JSON.stringify(text)} has no unit that is known`)
  return Number(count) * factor
}
