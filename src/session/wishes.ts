import type {Owner, Place, Wish} from './place.ts'

/**
 * What people have asked for and is planned anew with the pins, oldest first. Of one who asks again for the same, the last
 * that had something started counts; those before it are kept until that is ready.
 */
export class Wishes {
  #all: Wish[] = []

  /** Those that count. */
  get current(): Wish[] {
    return this.#all.filter((wish, index) => !this.#all.slice(index + 1).some(later => isSame(wish, later)))
  }

  has(wish: Wish): boolean {
    return this.#all.includes(wish)
  }

  add(wish: Wish, {hasStarted}: {hasStarted: boolean}): void {
    // What builds is asked for again by the next build, with its own pins and environment.
    if (wish.request.mode === 'build') return
    if (hasStarted || !this.#all.some(one => isSame(one, wish))) this.#all.push(wish)
  }

  /** All that it asked for is there: what it replaces is done with. */
  settle(wish: Wish): void {
    const at = this.#all.indexOf(wish)
    this.#all = this.#all.filter((one, index) => index >= at || !isSame(one, wish))
  }

  takeBack(wish: Wish): void {
    this.#all = this.#all.filter(one => one !== wish)
  }

  forget(owner: Owner): void {
    this.#all = this.#all.filter(wish => wish.owner !== owner)
  }

  /** Whether a place is to become what a wish is planned to be. */
  plans(wish: Wish, place: Place): boolean {
    if (place.wish === wish) return true
    return place.owners.has(wish.owner) && !this.current.includes(place.wish)
  }
}

function isSame(a: Wish, b: Wish): boolean {
  return (
    a.owner === b.owner && a.request.mode === b.request.mode && a.request.toolchain === b.request.toolchain
  )
}
