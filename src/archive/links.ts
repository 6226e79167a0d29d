import {unsafe} from './errors.ts'

const maxHops = 40

/**
 * Follows a symbolic link through a tree that is not on disk yet, the way a kernel would: step by
 * step, through other links of the tree, `..` taken from where they lead.
 * @param targetOf what the symbolic link of that name says; undefined where there is none
 * @throws UserError ARCHIVE_UNSAFE if the way leaves the tree or never ends
 */
export function checkLink(
  name: string,
  target: string,
  targetOf: (name: string) => string | undefined,
): void {
  const refuse = (why: string) => unsafe(`a link ${why}: ${JSON.stringify(name)} → ${JSON.stringify(target)}`)
  if (/[\\\0]/.test(target) || /^[a-z]:/i.test(target)) throw refuse('to no plain path')
  const place = name.split('/').slice(0, -1)
  const ahead = stepsOf(target)
  let hops = 0
  for (let step = ahead.shift(); step !== undefined; step = ahead.shift()) {
    if (step === '/') throw refuse('to an absolute path')
    if (step === '..') {
      if (place.pop() === undefined) throw refuse('that leaves the tree')
      continue
    }
    const onward = targetOf([...place, step].join('/'))
    if (onward === undefined) {
      place.push(step)
      continue
    }
    hops += 1
    if (hops > maxHops) throw refuse('that never ends')
    ahead.unshift(...stepsOf(onward))
  }
}

function stepsOf(target: string): string[] {
  const steps = target.split('/').filter(step => step !== '' && step !== '.')
  return target.startsWith('/') ? ['/', ...steps] : steps
}
