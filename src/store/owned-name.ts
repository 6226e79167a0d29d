import {randomUUID} from 'node:crypto'
import {isAlive, ownIdentity, type ProcessIdentity} from '../process/identity.ts'

const separator = '~'

/** A name that says which process works under it, and is used once. */
export function ownedName(label: string): string {
  const {pid, startTime, bootId} = ownIdentity()
  return [label, pid, encodeURIComponent(startTime), bootId, randomUUID().slice(0, 8)].join(separator)
}

/** A name of the same kind that is nobody's: whoever finds it may take what it stands for. */
export function freeName(label: string): string {
  return [label, 0, '', '', randomUUID().slice(0, 8)].join(separator)
}

/** What such a name is for; undefined for a name that is none of ours. */
export function labelOf(name: string): string | undefined {
  return ownerOf(name) && name.split(separator)[0]
}

/** Whether it is the name of a process that is no more. */
export function isAbandoned(name: string): boolean {
  const owner = ownerOf(name)
  return owner !== undefined && !isAlive(owner)
}

function ownerOf(name: string): ProcessIdentity | undefined {
  const [, pid = '', startTime = '', bootId = '', end] = name.split(separator)
  if (end === undefined || !/^\d+$/.test(pid)) return undefined
  try {
    return {pid: Number(pid), startTime: decodeURIComponent(startTime), bootId}
  } catch {
    return undefined
  }
}
