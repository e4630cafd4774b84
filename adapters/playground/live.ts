// Tells open tabs what has changed, as server-sent events. Decides how often; refuses to know what a change means.
import type { Response } from "express"
import { type Chats, type Item, isFor, type Place } from "./chats.ts"
import { shownItem } from "./receive.ts"

export type LiveEvent =
  | { kind: "item"; place: Place; item: Item }
  | { kind: "unread"; counts: Readonly<Record<string, number>> }
  | { kind: "clock"; clock: unknown }
  | { kind: "reload" }

export type Live = {
  /** Holds the response open until the tab or the server closes it. */
  open(user: string, response: Response): void
  /** Sends what is due now instead of at the next beat. */
  beat(): void
  stop(): void
}

type Tab = { user: string; response: Response; pending: Map<string, Item>; clock: string }

// Often enough to feel immediate, seldom enough that a fast-moving clock does not flood a tab.
const beatMs = 200
const beatsPerComment = 75

export function createLive(chats: Chats, clock: () => unknown): Live {
  const tabs = new Set<Tab>()
  const unread = new Set<string>()
  let timer: NodeJS.Timeout | null = null
  let beats = 0

  const stopWatching = chats.watch((change) => {
    if (change === null) {
      for (const tab of tabs) write(tab, { kind: "reload" })
      return
    }
    const { user, item } = change
    unread.add(user)
    if (item === null) return
    for (const tab of tabs) if (isFor(item, tab.user)) tab.pending.set(item.id, item)
  })

  function beat() {
    chats.refresh()
    beats += 1
    const state = clock()
    const clockNow = JSON.stringify(state)
    const counts = Object.fromEntries([...unread].map((user) => [user, chats.unread(user)]))
    const changed = unread.size > 0
    unread.clear()
    for (const tab of tabs) {
      for (const item of tab.pending.values()) write(tab, { kind: "item", place: item.place, item: shownItem(item) })
      tab.pending.clear()
      if (changed) write(tab, { kind: "unread", counts })
      if (clockNow !== tab.clock) write(tab, { kind: "clock", clock: state })
      tab.clock = clockNow
      if (beats % beatsPerComment === 0) tab.response.write(": still here\n\n")
    }
  }

  function close(tab: Tab) {
    tabs.delete(tab)
    if (tabs.size > 0 || timer === null) return
    clearInterval(timer)
    timer = null
  }

  return {
    open(user, response) {
      const tab: Tab = { user, response, pending: new Map(), clock: "" }
      response.writeHead(200, { "Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-store", "X-Accel-Buffering": "no" })
      response.write(": hello\n\n")
      response.on("close", () => close(tab))
      tabs.add(tab)
      timer ??= setInterval(beat, beatMs)
      beat()
    },
    beat,
    stop() {
      stopWatching()
      for (const tab of [...tabs]) {
        tab.response.end()
        close(tab)
      }
    },
  }
}

const write = ({ response }: Tab, event: LiveEvent) => response.write(`data: ${JSON.stringify(event)}\n\n`)
