// What use cases are handed. Types only: `app.ts` makes the values, tests make theirs.
import type { Database, Hot, Tx } from "../db/client.ts"
import type { PersonCard } from "../db/queries/people.ts"
import type { Words } from "../db/words.ts"
import type { Actor } from "./access/actor.ts"
import type { DeliveryKind } from "./delivery/owed.ts"
import type { Log } from "./log.ts"
import type { Account, PlatformName, Workspace } from "./platform/account.ts"
import type { Answer } from "./platform/answer.ts"
import type { Clock } from "./platform/clock.ts"
import type { InboundEvent } from "./platform/event.ts"
import type { Message } from "./platform/message.ts"
import type { Platform } from "./platform/platform.ts"
import type { Settings } from "./roster/settings.ts"
import type { Prompts } from "./words/prompts.ts"

export type { Hot }

export type Deps = {
  db: Database
  clock: Clock
  ids: () => string
  words: Words
  prompts: Prompts
  platforms: ReadonlyMap<PlatformName, Platform>
  log: Log
  /** Called after a commit that owes messages: a wake-up for the lanes. Losing one costs ten seconds: the tick repairs it. */
  wakeLanes: (workspaces: readonly Workspace[]) => Promise<void>
  /** Called behind the answer to an account that is linked to nobody; returns at once. */
  lookUp?: (account: Account) => void
}

/** An open transaction of one school at one moment: what a use case, a letter, the planner and the sweep all work in. */
export type Scene = {
  deps: Pick<Deps, "ids" | "words" | "prompts">
  tx: Tx
  schoolId: string
  now: Date
  settings: Settings
  /** Lanes that this transaction gave work to; woken after the commit. */
  woken: Workspace[]
}

/** One event being answered: its actor loaded, nothing decided yet. */
export type Turn = Scene & { actor: Actor; event: InboundEvent }

/** A delivery whose time has come, as its letter sees it. */
export type Due = {
  id: string
  kind: DeliveryKind
  personId: string
  subjectId: string | null
  detail: Readonly<Record<string, string | number | boolean>>
  dueAt: Date
  expiresAt: Date
  /** Where it will be read, once it is taken up to be sent. */
  on?: PlatformName
}

/** What a letter decides at send: the message, not at all (`why` is a code), or later. */
export type Composed = { kind: "message"; message: Message } | { kind: "drop"; why: string } | { kind: "later"; dueAt: Date }
export type Letter = (scene: Scene, due: Due, recipient: PersonCard) => Promise<Composed>

type Of<Kind extends InboundEvent["kind"]> = Extract<InboundEvent, { kind: Kind }>
export type Said = Of<"said">
export type Press = Of<"pressed">
export type Submission = Of<"submitted">

type Handlers<Input> = Readonly<Record<string, (turn: Turn, input: Input) => Promise<Answer>>>

/** What a room adds to the door: its buttons, its forms, and the commands (by their English word) typed in chat. */
export type Routes = { pressed?: Handlers<Press>; submitted?: Handlers<Submission>; commanded?: Handlers<string> }

/** One kind of due work at one school: takes up what is due, and says when more of it is; null: none is under way. */
export type Chore = (scene: Scene) => Promise<Date | null>
