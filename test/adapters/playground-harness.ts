// The playground as the contract suite drives it: its own HTTP calls on loopback, as its page makes them.

import type { Trouble } from "../../adapters/playground/entry.ts"
import { visibleText } from "../../adapters/playground/render.ts"
import type { Form } from "../../src/platform/form.ts"
import type { Message } from "../../src/platform/message.ts"
import type { Receive } from "../../src/platform/platform.ts"
import type { Harness, Outcome, Seen, Where } from "./contract.ts"
import { openStage, type Stage } from "./playground-stage.ts"

type Item = { id: string; by: "bot"; message: Message } | { id: string; by: "person"; text: string }
type Shown =
  | { kind: "nothing" | "said" | "replaced" }
  | { kind: "asked"; form: Form; errors: Record<string, string> }
  | { kind: "home"; view: Message }

const failures: Harness["failures"] = [
  { name: "too many at once", failure: { reason: "busy", retryAfterMs: 30_000 } },
  { name: "user deactivated", failure: { reason: "unreachable", detail: "user_deactivated" } },
  { name: "workspace removed", failure: { reason: "denied", detail: "workspace_removed" } },
  { name: "message refused", failure: { reason: "invalid", detail: "message_refused" } },
  { name: "vendor at fault", failure: { reason: "uncertain", detail: "internal_error" } },
]

/** The key that a page is issued with. */
export async function keyOf(origin: string): Promise<string> {
  const page = await (await fetch(`${origin}/playground`)).text()
  const key = /name="playground-key" content="([^"]+)"/.exec(page)?.[1]
  if (!key) throw new Error("the page carries no key")
  return key
}

export async function openPlaygroundHarness(receive: Receive): Promise<Harness & { stage: Stage }> {
  let next: string | null = null
  let requests = 0
  const stage = await openStage(receive, {
    trouble(): Trouble {
      requests += 1
      const name = next
      next = null
      if (name === "cut_before" || name === "cut_after") return name
      return failures.find((known) => known.name === name)?.failure ?? null
    },
  })
  let key = await keyOf(stage.origin)
  let eventIds = 0
  let lastBody: Record<string, unknown> = {}
  let lastUser = ""

  const post = (body: unknown, withKey = true) =>
    fetch(`${stage.origin}/playground/api/events`, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...(withKey ? { "X-Playground-Key": key } : {}) },
      body: JSON.stringify(body),
    })

  async function inbox(user: string): Promise<readonly Seen[]> {
    const seen: Seen[] = []
    for (const place of ["shared", "direct"]) {
      const response = await fetch(`${stage.origin}/playground/api/chat?user=${user}&place=${place}`, { headers: { "X-Playground-Key": key } })
      const { items } = (await response.json()) as { items: readonly Item[] }
      for (const item of items) if (item.by === "bot") seen.push({ messageId: item.id, text: visibleText(item.message) })
    }
    return seen
  }

  async function deliver(user: string, body: Record<string, unknown>): Promise<Outcome> {
    lastBody = body
    lastUser = user
    const before = new Map((await inbox(user)).map((seen) => [seen.messageId, seen.text]))
    const response = await post(body)
    const { shown = { kind: "nothing" } } = (await response.json()) as { shown?: Shown }
    const after = await inbox(user)
    return {
      accepted: response.ok,
      said: after.filter(({ messageId }) => !before.has(messageId)),
      replaced: after.filter(({ messageId, text }) => before.has(messageId) && before.get(messageId) !== text),
      form: shown.kind === "asked" ? { title: shown.form.title, labels: shown.form.fields.map(({ label }) => label), errors: shown.errors } : null,
      home: shown.kind === "home" ? visibleText(shown.view) : null,
    }
  }

  const tell = (user: string, deed: Record<string, unknown>) => deliver(user, { id: `event-${++eventIds}`, user, ...deed })
  const placed = (where: Where = "direct") => ({ where })

  return {
    stage,
    get platform() {
      return stage.playground
    },
    tenant: "playground",
    users: { first: "avery", second: "jo", nobody: "nobody" },
    failures,
    cuts: { before: "cut_before", after: "cut_after" },
    remembers: true,
    tellsRemoval: true,
    listsPeople: true,
    vendor: {
      say: (user, text, where) => tell(user, { kind: "said", text, ...placed(where) }),
      edit: (user, messageId, text) => tell(user, { kind: "edited", messageId, text }),
      remove: (user, messageId) => tell(user, { kind: "deleted", messageId }),
      press: (user, messageId, press) => tell(user, { kind: "pressed", messageId, ...press }),
      submit: (user, form, values) => tell(user, { kind: "submitted", ...form, values }),
      command: (user, command, text, where) => tell(user, { kind: "commanded", command, text, ...placed(where) }),
      openHome: (user) => tell(user, { kind: "opened_home" }),
      arrive: (user) => tell(user, { kind: "arrived" }),
      leave: (user) => tell(user, { kind: "left" }),
      disconnect: () => tell("avery", { kind: "disconnected" }),
      reconnect: () => undefined,
      redeliver: () => deliver(lastUser, lastBody),
      forge: async () => (await post({ id: "forged", user: "avery", kind: "said", text: "let me in" }, false)).status,
      echo: async () => {
        const response = await post({ id: "echo", user: "rapport", kind: "said", text: "my own words" })
        return { accepted: response.ok, said: [], replaced: [], form: null, home: null }
      },
      failNext(name) {
        next = name
      },
      inbox,
      requests: () => requests,
    },
    async restart() {
      await stage.restart()
      key = await keyOf(stage.origin)
    },
    close: () => stage.close(),
  }
}
