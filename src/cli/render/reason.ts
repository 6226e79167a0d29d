import type {Context} from '../../base/context.ts'
import {describeOrigin} from '../../base/origin.ts'
import type {Reason} from '../../house/prune.ts'

/** Why a version is needed, as a part of a sentence about it. */
export function describeReason(reason: Reason, {cwd}: Pick<Context, 'cwd'>): string {
  switch (reason.kind) {
    case 'project':
      return `pinned by ${describeOrigin(reason.origin, cwd)}`
    case 'lock':
      return `locked by ${describeOrigin(reason.origin, cwd)}`
    case 'global':
      return `pinned for all projects by ${describeOrigin(reason.origin, cwd)}`
    case 'here':
      return `pinned here by ${describeOrigin(reason.origin, cwd)}`
    case 'alias':
      return `also called ${reason.name}`
    case 'supervisor':
      return `running for ${reason.root} (process ${reason.pid})`
    case 'by-hand':
      return 'put there by hand'
    case 'linked':
      return `linked to ${reason.target ?? 'nothing'}`
  }
}
