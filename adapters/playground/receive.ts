// From what a person does on the page to one neutral event, and from the answer to what that person sees.
// Refuses to know who may do what: the bot decides that.
import type { Address } from "../../src/platform/account.ts"
import type { Answer } from "../../src/platform/answer.ts"
import type { Happening, InboundEvent } from "../../src/platform/event.ts"
import type { FieldErrors, Form } from "../../src/platform/form.ts"
import type { Message } from "../../src/platform/message.ts"
import type { Receive } from "../../src/platform/platform.ts"
import type { Chats, Item, Place } from "./chats.ts"
import { clean, shownErrors, shownForm, shownMessage } from "./render.ts"

/** What a person did. `origin` is the message whose button led here, so that an answer may replace it. */
export type Deed = { id: string; user: string; where: Place; origin: string | null; happening: Happening }

/** What the person sees of the answer. */
export type Shown =
  | { kind: "nothing" }
  | { kind: "said"; item: Item }
  | { kind: "replaced"; item: Item }
  | { kind: "asked"; form: Form; errors: FieldErrors }
  | { kind: "home"; view: Message }

/** `again`: shown once, and yet the event is refused so that it is sent again. */
export type Outcome = { shown: Shown; answer: Answer; again: boolean }

type World = { chats: Chats; now: () => Date; receive: () => Receive; address: (user: string) => Address }

export type Tell = (deed: Deed) => Promise<Outcome>

export function createTell({ chats, now, receive, address }: World): Tell {
  /** What the vendor itself keeps of a deed, whether or not the bot takes it. */
  function keep({ id, user, where, happening }: Deed, at: string) {
    switch (happening.kind) {
      case "said":
        return chats.write({ kind: "said", user, at, place: where, messageId: happening.messageId, text: happening.text, command: false })
      case "edited":
        return chats.write({ kind: "edited", user, at, messageId: happening.messageId, text: happening.text })
      case "deleted":
        return chats.write({ kind: "deleted", user, at, messageId: happening.messageId })
      case "commanded": {
        const text = `/${happening.command} ${happening.text}`.trim()
        return chats.write({ kind: "said", user, at, place: where, messageId: `c-${id}`, text, command: true })
      }
      case "arrived":
      case "left":
        return chats.write({ kind: happening.kind, user, at })
      case "pressed":
      case "submitted":
      case "opened_home":
      case "disconnected":
        return
      default:
        return happening satisfies never
    }
  }

  function show(deed: Deed, answer: Answer, at: string): Shown {
    const { user, where, origin, id } = deed
    const messageId = `a-${id}`
    const say = (message: Message): Shown => {
      // Said already, by an earlier try of the same event: shown once.
      if (chats.item(messageId)) return { kind: "nothing" }
      chats.write({ kind: "sent", user, at, place: where, messageId, deliveryId: null, message })
      const item = chats.item(messageId)
      return item ? { kind: "said", item: shownItem(item) } : { kind: "nothing" }
    }
    switch (answer.kind) {
      case "quiet":
        return { kind: "nothing" }
      case "say":
        return say(answer.message)
      case "replace": {
        const replaced = origin === null ? null : chats.item(origin)
        if (origin === null || replaced?.by !== "bot" || replaced.user !== user) return say(answer.message)
        chats.write({ kind: "replaced", user, at, messageId: origin, message: answer.message })
        const item = chats.item(origin)
        return item ? { kind: "replaced", item: shownItem(item) } : { kind: "nothing" }
      }
      case "ask":
        return { kind: "asked", form: shownForm(answer.form), errors: shownErrors(answer.errors) }
      case "home":
        return { kind: "home", view: shownMessage(answer.view) }
      default:
        return answer satisfies never
    }
  }

  return async (deed) => {
    const at = now()
    keep(deed, at.toISOString())
    // The address is the person's own, in a shared place too: what is sent to it later never reaches others.
    const event: InboundEvent = { id: deed.id, at, from: address(deed.user), where: deed.where, ...deed.happening }
    const answer = await receive()(event)
    const shown = show(deed, answer, now().toISOString())
    if (deed.happening.kind === "pressed" && deed.origin !== null)
      chats.write({ kind: "pressed", user: deed.user, at: at.toISOString(), messageId: deed.origin, action: deed.happening.action })
    return { shown, answer, again: answer.again === true }
  }
}

/** An item as the page may show it. */
export const shownItem = (item: Item): Item =>
  item.by === "bot" ? { ...item, message: shownMessage(item.message) } : { ...item, text: clean(item.text) }
