// Decides how long a process may go by what it read of a school's own facts: until the school's version, which triggers count, is another.
// Refuses to know which facts these are.
import type { Tx } from "./client.ts"

type Shelf = { readonly version: number; readonly kept: Map<string, unknown> }

const shelves = new Map<string, Shelf>()
const shelfOf = new WeakMap<Tx, Shelf>()
// Of small objects, over all schools.
const keptMost = 200_000
let keptNow = 0

/** The version that this process knows of; -1 where it knows nothing. */
export const knownVersion = (schoolId: string): number => shelves.get(schoolId)?.version ?? -1

/**
 * For the door, which has read the version with its first statement: from here on `known` answers by it. An event that changes such a fact must not
 * read it again: what it would read might not be kept.
 */
export function useVersion(tx: Tx, schoolId: string, version: number): void {
  const there = shelves.get(schoolId)
  if (there?.version === version) {
    shelfOf.set(tx, there)
    return
  }
  const shelf: Shelf = { version, kept: new Map() }
  shelfOf.set(tx, shelf)
  // An older event may still be on its way: what is newer stays.
  if (there !== undefined && there.version > version) return
  keptNow -= there?.kept.size ?? 0
  shelves.set(schoolId, shelf)
}

/** What was read under this name since the school's facts changed last; read anew outside of the door. Nothing is kept of a reading that failed. */
export async function known<T>(tx: Tx, name: string, read: () => Promise<T>): Promise<T> {
  const shelf = shelfOf.get(tx)
  if (shelf?.kept.has(name)) return shelf.kept.get(name) as T
  const found = await read()
  if (shelf && !shelf.kept.has(name)) {
    if (keptNow >= keptMost) forgetAll()
    shelf.kept.set(name, found)
    keptNow += 1
  }
  return found
}

function forgetAll(): void {
  for (const { kept } of shelves.values()) kept.clear()
  keptNow = 0
}
