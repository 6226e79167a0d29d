import {z} from 'zod'

/** The items of the lists made here, by the list's schema: what a JSON Schema of them tells. */
export const listItems = new WeakMap<object, z.ZodType>()

/**
 * An array that is looked at only up to its first misfit. zod's own notes each one, and by a frame full of them a peer
 * could have this process fill its memory.
 */
export function list<T extends z.ZodType>(item: T) {
  const values = z.array(z.unknown())
  listItems.set(values, item)
  return values.transform((given, context): z.output<T>[] => {
    const taken: z.output<T>[] = []
    for (const [index, value] of given.entries()) {
      const checked = item.safeParse(value)
      if (checked.success) {
        taken.push(checked.data)
        continue
      }
      const [issue] = checked.error.issues
      context.addIssue({
        code: 'custom',
        message: issue?.message ?? 'does not fit',
        path: [index, ...(issue?.path ?? [])],
      })
      return z.NEVER
    }
    return taken
  })
}
