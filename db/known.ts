// Decides how long a process may go by what it read of a school's own facts: until the school's version, which triggers count, is another.
// Refuses to know which facts these are.
import type { Tx } from "./client.ts"

type Shelf = { readonly version: number; readonly kept: Map<string, unknown> }

const shelves = new Map<string, Shelf>()
const shelf = "shelf"
// Of small objects, over all schools.
const keptMost = 200_000
let keptNow = 0

/**
 * For the door, which has read the version with its first statement: from here on `known` answers by it. An event that changes such a fact must not
 * read it again: what it would read might not be kept.
 */
export function useVersion(tx: Tx, schoolId: string, version: number): void {
  const there = shelves.get(schoolId)
  if (there?.version === version) {
    tx.memo.set(shelf, there)
    return
  }
  const anew: Shelf = { version, kept: new Map() }
  tx.memo.set(shelf, anew)
  // An older event may still be on its way: what is newer stays.
  if (there !== undefined && there.version > version) return
  keptNow -= there?.kept.size ?? 0
  shelves.set(schoolId, anew)
}

/** What was read under this name since the school's facts changed last; read anew outside of the door. Nothing is kept of a reading that failed. */
export async function known<T>(tx: Tx, name: string, read: () => Promise<T>): Promise<T> {
  const kept = (tx.memo.get(shelf) as Shelf | undefined)?.kept
  if (kept?.has(name)) return kept.get(name) as T
  const found = await read()
  if (kept && !kept.has(name)) {
    if (keptNow >= keptMost) forgetAll()
    kept.set(name, found)
    keptNow += 1
  }
  return found
}

function forgetAll(): void {
  for (const { kept } of shelves.values()) kept.clear()
  keptNow = 0
}
