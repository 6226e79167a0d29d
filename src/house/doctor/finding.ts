/** `problem`: something does not work. `warning`: it works, and is not as it should be. */
export type Status = 'ok' | 'warning' | 'problem'

/** What one check found. */
export interface Finding {
  /** The check, in kebab case. */
  id: string
  status: Status
  /** One line. */
  title: string
  /** Why it matters, or what is there; empty where the title says all. */
  detail: string
  /** The command that mends it, or words where no command can; null where nothing is to be mended. */
  fix: string | null
}

/** Says that all is well, or what was not checked and why. */
export function fine(id: string, title: string, detail = ''): Finding {
  return {id, status: 'ok', title, detail, fix: null}
}

export function warning(id: string, title: string, detail: string, fix: string): Finding {
  return {id, status: 'warning', title, detail, fix}
}

export function problem(id: string, title: string, detail: string, fix: string): Finding {
  return {id, status: 'problem', title, detail, fix}
}
