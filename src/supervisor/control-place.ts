import {type Layout, layoutOf} from '../base/layout.ts'
import {ownHome} from './surroundings.ts'

/** What a supervisor is found by. */
export interface ControlPlace {
  /** The root of a project, or another folder or file. */
  projectRoot: string
  /** Absolute path of the home that has its record; `$TOOL_HOME`, by default `~/.tool`, unless given. */
  home?: string
  /** The same, for who has it already. */
  layout?: Layout
}

export function layoutFor({home, layout}: ControlPlace): Layout {
  return layout ?? layoutOf(home ?? ownHome())
}
