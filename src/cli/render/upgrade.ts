import type {Context} from '../../base/context.ts'
import {describeOrigin} from '../../base/origin.ts'
import {isNews, type Upgrade} from '../../house/upgrade.ts'
import {compareVersions} from '../../version/compare.ts'
import {printSpec} from '../../version/spec.ts'
import {columns} from './columns.ts'

/** A line a pin: from which version to which, and what its pin says of it. */
export function renderUpgrades(upgrades: readonly Upgrade[], context: Pick<Context, 'cwd'>): string {
  return columns(
    upgrades.map(upgrade => [upgrade.pin.toolchain, change(upgrade), `(${note(upgrade, context)})`]),
  )
}

function change(upgrade: Upgrade): string {
  const {from, to} = upgrade
  if (!isNews(upgrade) || from === to) return to
  return from === null ? `${to} installed` : `${from} → ${to}`
}

function note({pin, spec, raised, to, latest}: Upgrade, {cwd}: Pick<Context, 'cwd'>): string {
  const [own] = pin.specs
  const where = `set by ${describeOrigin(pin.origin, cwd)}`
  if (raised) return `${printSpec(own)} → ${printSpec(spec)}, ${where}`
  const beyond = compareVersions(latest, to) > 0 ? `; the latest is ${latest}: tool upgrade --pin` : ''
  return `${printSpec(own)}, ${where}${beyond}`
}
