// One activity of Teams', whatever its kind, as one neutral event and how its answer can be given.
// Refuses to trust an activity's shape: what is not wholly there is ignored with a code, and nothing here throws.
import type { Body } from "./narrow.ts"
import { ignored, type Known, type Received } from "./reply.ts"

export function receivedFrom(_activity: Body, _known: Known): Received {
  return ignored("unknown_type")
}
