export const logLevels = ['error', 'warning', 'info', 'debug'] as const
export type LogLevel = (typeof logLevels)[number]

/** Notes for the person at the terminal; results never pass here. */
export interface Logger {
  error(message: string): void
  warning(message: string): void
  info(message: string): void
  debug(message: string): void
}

/** A logger that hands every message at or above `level` to `write`, one line each. */
export function createLogger(level: LogLevel, write: (line: string, level: LogLevel) => void): Logger {
  const most = logLevels.indexOf(level)
  const at = (own: LogLevel) => (message: string) => {
    if (logLevels.indexOf(own) <= most) write(message, own)
  }
  return {error: at('error'), warning: at('warning'), info: at('info'), debug: at('debug')}
}
