import {notInUnicode} from './entry-path.ts'
import {unsafe} from './errors.ts'

const maxHops = 40
/** What a system takes for a path. */
const maxLength = 4095
/** Of all links of a tree together: links through links through links could keep a processor busy for hours. */
const maxSteps = 2_000_000

/**
 * Follows symbolic links through a tree that is not on disk yet, the way a kernel would: step by
 * step, through other links of the tree, `..` taken from where they lead.
 * @param targetOf what the symbolic link of that name says; undefined where there is none
 * @returns a check of one link: it throws UserError ARCHIVE_UNSAFE if the way leaves the tree or never ends
 */
export function createLinkCheck(
  targetOf: (name: string) => string | undefined,
): (name: string, target: string) => void {
  let steps = 0
  return (name, target) => {
    const refuse = (why: string) =>
      unsafe(`a link ${why}: ${JSON.stringify(name)} → ${JSON.stringify(target.slice(0, 200))}`)
    if (target === '') throw refuse('to nothing')
    if (target.length > maxLength) throw refuse('to a name that is too long')
    if (/[\\\0]/.test(target) || notInUnicode(target) || /^[a-z]:/i.test(target))
      throw refuse('to no plain path')
    const place = name.split('/').slice(0, -1)
    const ahead = stepsOf(target).reverse()
    let hops = 0
    for (let step = ahead.pop(); step !== undefined; step = ahead.pop()) {
      steps += 1
      if (steps > maxSteps) throw refuse('after too many others that lead to links')
      if (step === '/') throw refuse('to an absolute path')
      if (step === '..') {
        if (place.pop() === undefined) throw refuse('that leaves the tree')
        continue
      }
      place.push(step)
      const onward = targetOf(place.join('/'))
      if (onward === undefined) continue
      place.pop()
      hops += 1
      if (hops > maxHops) throw refuse('that never ends')
      ahead.push(...stepsOf(onward).reverse())
    }
  }
}

function stepsOf(target: string): string[] {
  const steps = target.split('/').filter(step => step !== '' && step !== '.')
  return target.startsWith('/') ? ['/', ...steps] : steps
}
