// The messages that this room composes for adults, by kind.
import type { DeliveryKind } from "../delivery/owed.ts"
import type { Letter } from "../deps.ts"
import { briefLetter } from "./brief-letter.ts"
import { notice } from "./cover-notice.ts"
import { workspacePaused } from "./paused-notice.ts"
import { reachOut } from "./reach-out-letter.ts"
import { readingList } from "./reading-list.ts"

export const letters = {
  reading_list: readingList,
  brief: briefLetter,
  reach_out: reachOut,
  notice,
  workspace_paused: workspacePaused,
} satisfies Partial<Record<DeliveryKind, Letter>>
