/** Most diagnostics of one worker that are listed at a time; of the rest only their existence is told. */
export const maxListedDiagnostics = 10_000
