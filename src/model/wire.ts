// What both ends of a connection must know, free of any schema library: the worker SDK loads it at every start.

/** The version of the protocol that this release speaks. */
export const protocolVersion = 1

/** Largest content of one frame, in bytes. */
export const maxFrameBytes = 16 * 1024 * 1024

/** BSP's status codes. */
export const Status = {ok: 1, error: 2, cancelled: 3} as const
export type StatusCode = (typeof Status)[keyof typeof Status]
