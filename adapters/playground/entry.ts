// The playground: a chat platform that lives on this machine, with its own memory, for trying Rapport out and for tests.
// Decides what a vendor decides: who can be written to, what arrived, what a person sees. Refuses to know what Rapport means by it.
import type { Router } from "express"
import type { Account, Address, Profile, Receipt } from "../../src/platform/account.ts"
import type { Answer } from "../../src/platform/answer.ts"
import type { Happening } from "../../src/platform/event.ts"
import { DeliveryFailure, type Failure } from "../../src/platform/failure.ts"
import type { Platform, Receive } from "../../src/platform/platform.ts"
import { type ClockState, createRouter, type Habitual } from "./api.ts"
import { type Item, readChats } from "./chats.ts"
import { openJournal } from "./journal.ts"
import { createLive } from "./live.ts"
import type { PlaygroundPerson, PlaygroundTime } from "./people.ts"
import { createTell } from "./receive.ts"

export type { Move, MoveProgress, PlaygroundPerson, PlaygroundTime } from "./people.ts"

/** What goes wrong with one request to the vendor; cut means that the connection ended before or after the vendor took it. */
export type Trouble = Failure | "cut_before" | "cut_after" | null

export type PlaygroundOptions = {
  /** Path of the vendor's own memory, an append-only file of JSON lines; its folder is made. */
  journal: string
  people: () => Promise<readonly PlaygroundPerson[]>
  time: PlaygroundTime
  tenant: "playground"
  ids: () => string
  now: () => Date
  /** Asked once per request to the vendor; for tests. */
  trouble?: (to: Address, deliveryId: string) => Trouble
  /** Told of faults that nobody else hears of. */
  report?: (error: unknown) => void
}

/** The people's side of the chats: what simulated people read, and how they act. */
export type Mailbox = {
  person(user: string): Promise<PlaygroundPerson | null>
  /** Takes in what other processes have written. */
  refresh(): void
  /** Everything in this person's direct conversation, oldest first, as far as it is taken in. */
  messages(user: string): readonly Item[]
  /** As this person: `origin` is the message acted on, `id` the event's own. */
  act(user: string, id: string, happening: Happening, origin: string | null): Promise<Answer>
  /** Marks everything as seen. */
  seen(user: string): void
  /** Names the people who may be answered for. */
  enrol(users: ReadonlySet<string>): void
  /** Whether this person is left to their habits now: not while somebody plays them. */
  simulated(user: string): boolean
}

export type Playground = Platform & { readonly router: Router; readonly mailbox: Mailbox }

export function createPlayground(options: PlaygroundOptions): Playground {
  const { time, tenant, ids, now } = options
  const report = options.report ?? (() => undefined)
  const chats = readChats(openJournal(options.journal))
  const habits = createHabitual()
  let receive: Receive = () => Promise.reject(new Error("the playground was served before anyone listened"))
  let clockFailed = false

  const account = (user: string): Account => ({ platform: "playground", tenant, user })
  const address = (user: string): Address => ({ account: account(user), route: `dm:${user}` })

  const profileOf = ({ user, email, zone, language }: PlaygroundPerson): Profile => ({ account: account(user), email, zone, language, guest: false })

  let known: ReadonlyMap<string, PlaygroundPerson> = new Map()
  async function people(): Promise<ReadonlyMap<string, PlaygroundPerson>> {
    known = new Map((await options.people()).map((person) => [person.user, person]))
    return known
  }
  const isKnown = async (user: string) => known.has(user) || (await people()).has(user)

  function clock(): ClockState {
    const progress = time.progress()
    return {
      now: time.now().toISOString(),
      zone: time.zone,
      moving: progress && { from: progress.from.toISOString(), at: progress.at.toISOString(), to: progress.to?.toISOString() ?? null },
      failed: clockFailed,
    }
  }

  const live = createLive(chats, clock)
  const tell = createTell({ chats, now, receive: () => receive, address })

  function userOf({ route }: Address): string {
    if (!route.startsWith("dm:")) throw new DeliveryFailure({ reason: "unreachable", detail: "no_such_route" })
    return route.slice("dm:".length)
  }

  /** One request to the vendor, which says no in the ways that a vendor does. */
  async function request(to: Address, deliveryId: string): Promise<{ user: string; cut: boolean }> {
    const user = userOf(to)
    const trouble = options.trouble?.(to, deliveryId) ?? null
    if (trouble === "cut_before") throw new DeliveryFailure({ reason: "uncertain", detail: "connection_cut" })
    if (trouble !== null && trouble !== "cut_after") throw new DeliveryFailure(trouble)
    if (!(await isKnownOrBusy(user))) throw new DeliveryFailure({ reason: "unreachable", detail: "user_not_found" })
    chats.refresh()
    if (chats.blocked(user)) throw new DeliveryFailure({ reason: "unreachable", detail: "blocked_by_user" })
    return { user, cut: trouble === "cut_after" }
  }

  async function isKnownOrBusy(user: string): Promise<boolean> {
    try {
      return await isKnown(user)
    } catch {
      throw new DeliveryFailure({ reason: "busy", retryAfterMs: 1_000 })
    }
  }

  return {
    name: "playground",
    router: createRouter({
      chats,
      live,
      tell,
      time,
      tenant,
      people,
      knows: isKnown,
      habits,
      clock,
      clockFailed: (failed) => (clockFailed = failed),
      report,
    }),
    listen(next) {
      receive = next
    },
    async send(to, message, deliveryId) {
      const { user, cut } = await request(to, deliveryId)
      const messageId = `b-${ids()}`
      try {
        chats.write({ kind: "sent", user, at: now().toISOString(), place: "direct", messageId, deliveryId, message })
      } catch {
        throw new DeliveryFailure({ reason: "uncertain", detail: "journal_unwritable" })
      }
      if (cut) throw new DeliveryFailure({ reason: "uncertain", detail: "connection_cut" })
      return { address: to, messageId }
    },
    async reach(wanted) {
      if (wanted.platform !== "playground" || wanted.tenant !== tenant || !(await isKnownOrBusy(wanted.user)))
        throw new DeliveryFailure({ reason: "unreachable", detail: "user_not_found" })
      return address(wanted.user)
    },
    // The journal holds every delivery id, so nothing is too old to be found and `since` saves no work.
    async find(to, deliveryId): Promise<Receipt | "absent"> {
      chats.refresh()
      const messageId = chats.delivered(userOf(to), deliveryId)
      return messageId === null ? "absent" : { address: to, messageId }
    },
    async *people(wanted) {
      if (wanted === tenant) for (const person of (await people()).values()) yield profileOf(person)
    },
    async profile(wanted) {
      const person = wanted.platform === "playground" && wanted.tenant === tenant ? (await people()).get(wanted.user) : undefined
      return person === undefined ? null : profileOf(person)
    },
    async stop() {
      live.stop()
    },
    mailbox: {
      person: async (user) => ((await isKnown(user)) ? (known.get(user) ?? null) : null),
      refresh: () => chats.refresh(),
      messages: (user) => chats.direct(user),
      async act(user, id, happening, origin) {
        const { answer } = await tell({ id, user, where: "direct", origin, happening })
        return answer
      },
      seen(user) {
        const last = chats.direct(user).at(-1)
        if (last && chats.unread(user) > 0) chats.write({ kind: "seen", user, at: now().toISOString(), messageId: last.id })
      },
      enrol: (users) => habits.enrol(users),
      simulated: (user) => habits.on(user),
    },
  }
}

function createHabitual(): Habitual & { enrol(users: ReadonlySet<string>): void } {
  let enrolled: ReadonlySet<string> = new Set()
  const played = new Set<string>()
  const chosen = new Map<string, boolean>()
  return {
    enrol(users) {
      enrolled = users
    },
    has: (user) => enrolled.has(user),
    on: (user) => enrolled.has(user) && (chosen.get(user) ?? !played.has(user)),
    open(user) {
      played.add(user)
    },
    set(user, on) {
      chosen.set(user, on)
    },
  }
}
