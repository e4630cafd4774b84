// The conversations that the journal tells: who said what, what was replaced, seen, pressed, and who shut the bot out.
// Refuses to know why anything was said.
import type { Message } from "../../src/platform/message.ts"
import type { Journal } from "./journal.ts"

export type Place = "direct" | "shared"

/** One line of the journal. A `sent` without a delivery is the answer to an event. */
export type Line = { user: string; at: string } & (
  | { kind: "sent"; place: Place; messageId: string; deliveryId: string | null; message: Message }
  | { kind: "replaced"; messageId: string; message: Message }
  | { kind: "said"; place: Place; messageId: string; text: string; command: boolean }
  | { kind: "edited"; messageId: string; text: string }
  | { kind: "deleted"; messageId: string }
  | { kind: "pressed"; messageId: string; action: string }
  | { kind: "seen"; messageId: string }
  | { kind: "left" }
  | { kind: "arrived" }
)

export type Item = { id: string; user: string; place: Place; at: string; changed: string | null } & (
  | { by: "bot"; message: Message; pressed: readonly string[] }
  | { by: "person"; text: string; command: boolean; deleted: boolean }
)

export type Change = { user: string; item: Item | null }

export type Chats = {
  /** Writes a line and takes it in, with whatever other processes have written meanwhile. */
  write(line: Line): void
  /** Takes in what other processes have written. */
  refresh(): void
  /** A person's own conversation with the bot, oldest first. */
  direct(user: string): readonly Item[]
  /** The shared room as this person sees it: everyone's words, and the answers meant for them alone. */
  shared(user: string): readonly Item[]
  item(messageId: string): Item | null
  delivered(user: string, deliveryId: string): string | null
  unread(user: string): number
  blocked(user: string): boolean
  /** Tells of each change, or of everything (null) when the journal was replaced. Returns how to stop listening. */
  watch(listener: (change: Change | null) => void): () => void
}

type Person = { items: Item[]; unread: number; blocked: boolean }

export function readChats(journal: Journal): Chats {
  const people = new Map<string, Person>()
  const room: Item[] = []
  const items = new Map<string, Item>()
  const deliveries = new Map<string, string>()
  const listeners = new Set<(change: Change | null) => void>()
  const deliveryKey = (user: string, deliveryId: string) => `${deliveryId}\n${user}`

  function personOf(user: string): Person {
    const known = people.get(user)
    if (known) return known
    const fresh: Person = { items: [], unread: 0, blocked: false }
    people.set(user, fresh)
    return fresh
  }

  function add(item: Item): Item {
    const list = item.place === "direct" ? personOf(item.user).items : room
    items.set(item.id, item)
    list.push(item)
    return item
  }

  function change(messageId: string, next: (item: Item) => Item): Item | null {
    const old = items.get(messageId)
    if (!old) return null
    const list = old.place === "direct" ? personOf(old.user).items : room
    const fresh = next(old)
    items.set(messageId, fresh)
    const index = list.lastIndexOf(old)
    if (index >= 0) list[index] = fresh
    return fresh
  }

  /** The item that a line made or changed, null where it changed something else. */
  function take(line: Line): Item | null {
    const { user, at } = line
    switch (line.kind) {
      case "sent": {
        const { messageId: id, place, message } = line
        // A redelivered event carries its id into its answer's: the answer is shown once.
        if (items.has(id)) return null
        if (line.deliveryId !== null && !deliveries.has(deliveryKey(user, line.deliveryId))) deliveries.set(deliveryKey(user, line.deliveryId), id)
        if (place === "direct") personOf(user).unread += 1
        return add({ id, user, place, at, changed: null, by: "bot", message, pressed: [] })
      }
      case "said":
        if (items.has(line.messageId)) return null
        return add({
          id: line.messageId,
          user,
          place: line.place,
          at,
          changed: null,
          by: "person",
          text: line.text,
          command: line.command,
          deleted: false,
        })
      case "replaced":
        return change(line.messageId, (item) => (item.by === "bot" ? { ...item, message: line.message, changed: at } : item))
      case "edited":
        return change(line.messageId, (item) => (item.by === "person" ? { ...item, text: line.text, changed: at } : item))
      case "deleted":
        return change(line.messageId, (item) => (item.by === "person" ? { ...item, text: "", deleted: true, changed: at } : item))
      case "pressed":
        return change(line.messageId, (item) => (item.by === "bot" ? { ...item, pressed: [...item.pressed, line.action] } : item))
      case "seen": {
        const person = personOf(user)
        const upTo = person.items.findLastIndex(({ id }) => id === line.messageId)
        if (upTo >= 0) person.unread = person.items.slice(upTo + 1).filter(({ by }) => by === "bot").length
        return null
      }
      case "left":
      case "arrived":
        personOf(user).blocked = line.kind === "left"
        return null
      default:
        return line satisfies never
    }
  }

  function refresh() {
    const { restarted, entries } = journal.read()
    if (restarted) {
      people.clear()
      items.clear()
      deliveries.clear()
      room.length = 0
      for (const listener of listeners) listener(null)
    }
    for (const entry of entries) {
      if (!isLine(entry)) continue
      const item = take(entry)
      for (const listener of listeners) listener({ user: entry.user, item })
    }
  }

  refresh()
  return {
    write(line) {
      journal.append(line)
      refresh()
    },
    refresh,
    direct: (user) => people.get(user)?.items ?? [],
    shared: (user) => room.filter((item) => isFor(item, user)),
    item: (messageId) => items.get(messageId) ?? null,
    delivered: (user, deliveryId) => deliveries.get(deliveryKey(user, deliveryId)) ?? null,
    unread: (user) => people.get(user)?.unread ?? 0,
    blocked: (user) => people.get(user)?.blocked ?? false,
    watch(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** In a shared place a command and its answer are between the bot and the asker; what people say is for everyone. */
export const isFor = (item: Item, user: string): boolean => item.user === user || (item.place === "shared" && item.by === "person" && !item.command)

const kinds: readonly string[] = ["sent", "replaced", "said", "edited", "deleted", "pressed", "seen", "left", "arrived"] satisfies Line["kind"][]

const isLine = (entry: unknown): entry is Line =>
  typeof entry === "object" &&
  entry !== null &&
  "kind" in entry &&
  kinds.includes(String(entry.kind)) &&
  "user" in entry &&
  typeof entry.user === "string"
