// The whole of the rooms behind their door, over a school in a test's database.
import { randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import type { Database } from "../../../db/client.ts"
import { replyWords } from "../../../db/queries/reflection-words.ts"
import { createApp } from "../../../src/app.ts"
import { createLog } from "../../../src/log.ts"
import type { Answer } from "../../../src/platform/answer.ts"
import type { InboundEvent } from "../../../src/platform/event.ts"
import { type Block, message } from "../../../src/platform/message.ts"
import { proseText } from "../../../src/platform/prose.ts"
import { eventFrom, look, type PersonName, sceneFor, type TestSchool } from "../../support/school.ts"

export type Door = { receive(event: InboundEvent): Promise<Answer>; logged: string[] }

/** `through`: another database than the school's own, for one that fails. */
export async function doorOf(school: TestSchool, now: Date, through: Database = school.db): Promise<Door> {
  const { deps } = await sceneFor(school, now, async (scene) => scene)
  const logged: string[] = []
  const log = createLog("debug", { write: (line) => void logged.push(line) })
  const { receive } = createApp({ ...deps, db: through, clock: { now: () => now }, log, wakeLanes: async () => {} })
  return { receive, logged }
}

export const said = (school: TestSchool, who: PersonName, now: Date, text: string, messageId: string = randomUUID()): InboundEvent =>
  eventFrom(school, who, now, { kind: "said", messageId, text })

export const inShared = (event: InboundEvent): InboundEvent => ({ ...event, where: "shared" })

/** Every sentence and quote of an answer; whatever is said must hold to the caps. */
export function shown(answer: Answer): string {
  if (answer.kind === "quiet") return ""
  if (answer.kind === "ask") return [answer.form.title, ...answer.form.intro.map(proseText)].join("\n")
  const { summary, blocks } = answer.kind === "home" ? answer.view : answer.message
  return message(summary, blocks).blocks.map(lineOf).join("\n")
}

function lineOf(block: Block): string {
  switch (block.kind) {
    case "text":
    case "note":
      return proseText(block.prose)
    case "quote":
      return block.words
    case "facts":
      return block.facts.map(({ label, value }) => `${label}: ${value}`).join("\n")
    case "trend":
      return block.sentence
    case "buttons":
    case "select":
    case "divider":
      return ""
    default:
      return block satisfies never
  }
}

/** How many rows of anything a person's words or deeds could have left. */
export async function kept(school: TestSchool): Promise<Record<string, number>> {
  const [row] = await look<Record<string, number>>(
    school,
    sql`select (select count(*) from reply) as replies, (select count(*) from reply_part) as parts, (select count(*) from safety_event) as safety,
          (select count(*) from deed) as deeds, (select count(*) from delivery) as deliveries, (select count(*) from address) as addresses`,
  )
  if (!row) throw new Error("no counts")
  return row
}

/** What students wrote, as their adults read it. */
export const keptWords = async (school: TestSchool): Promise<(string | null)[]> => {
  const replies = await look<{ id: string }>(school, sql`select id from reply order by created_at`)
  const ids = replies.map(({ id }) => id)
  const parts = await sceneFor(school, new Date(0), ({ tx, deps }) => replyWords(tx, deps.words, school.id, ids))
  return ids.flatMap((id) => parts.get(id) ?? []).map(({ words }) => words)
}
