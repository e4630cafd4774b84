// A conversation as a log: the bot's messages as cards, people's as bubbles, a line where a new day begins.
import { byId, h, initials, toneOf } from "./dom.js"
import { drawBlocks } from "./message.js"

/**
 * @param {"direct" | "shared"} place
 * @param {{
 *   press: (press: import("./message.js").Press, button: HTMLElement, item: any) => void,
 *   edit: (item: any) => void,
 *   remove: (item: any) => void,
 *   nameOf: (user: string) => string,
 * }} hands
 */
export function createConversation(place, hands) {
  const log = byId(`log-${place}`)
  const scroll = byId(`scroll-${place}`)
  /** @type {Map<string, { item: any, element: HTMLElement }>} */
  const shown = new Map()
  let viewer = ""
  let zone = "UTC"
  let lastDay = ""

  const dayOf = (/** @type {string} */ iso) =>
    new Intl.DateTimeFormat("en", { timeZone: zone, weekday: "long", day: "numeric", month: "long" }).format(new Date(iso))
  const timeOf = (/** @type {string} */ iso) =>
    new Intl.DateTimeFormat("en", { timeZone: zone, hour: "numeric", minute: "2-digit" }).format(new Date(iso))

  /** @param {any} item */
  function draw(item) {
    const element = item.by === "bot" ? drawBot(item) : drawPerson(item)
    element.tabIndex = -1
    return element
  }

  /** @param {any} item */
  function drawBot(item) {
    const blocks = drawBlocks(item.message, (press, button) => hands.press(press, button, item))
    return h(
      "article",
      { class: "item bot", "aria-label": `Rapport, ${timeOf(item.at)}` },
      h("img", { class: "bot-face", src: "/playground/page/icon.svg", alt: "", width: 32, height: 32 }),
      h(
        "div",
        { class: "item-body" },
        h(
          "p",
          { class: "item-meta" },
          h("strong", {}, "Rapport"),
          ` ${timeOf(item.at)}`,
          place === "shared" ? h("span", { class: "only-you" }, "Only you can see this") : null,
        ),
        h("div", { class: "card" }, ...blocks),
      ),
    )
  }

  /** @param {any} item */
  function drawPerson(item) {
    const own = item.user === viewer
    const name = hands.nameOf(item.user)
    const words = item.deleted
      ? h("p", { class: "bubble gone" }, "Deleted")
      : h("p", { class: item.command ? "bubble command" : "bubble" }, item.text)
    const tools =
      own && !item.deleted && !item.command
        ? h(
            "span",
            { class: "tools" },
            h("button", { type: "button", class: "tool", click: () => hands.edit(item) }, "Change"),
            h("button", { type: "button", class: "tool", click: () => hands.remove(item) }, "Delete"),
          )
        : null
    const meta = h(
      "p",
      { class: "item-meta" },
      own ? null : h("strong", {}, name),
      ` ${timeOf(item.at)}${item.changed && !item.deleted ? ", changed" : ""} `,
      tools,
    )
    const face = own ? null : h("span", { class: `avatar ${toneOf(item.user)}`, "aria-hidden": "true" }, initials(name))
    return h(
      "article",
      { class: own ? "item own" : "item other", "aria-label": `${own ? "You" : name}, ${timeOf(item.at)}` },
      face,
      h("div", { class: "item-body" }, meta, words),
    )
  }

  /** @param {any} item */
  function put(item) {
    const old = shown.get(item.id)
    if (old && looksOf(old.item) === looksOf(item)) return old.element
    const element = draw(item)
    shown.set(item.id, { item, element })
    if (old) {
      const hadFocus = old.element.contains(document.activeElement)
      old.element.replaceWith(element)
      if (hadFocus) element.focus({ preventScroll: true })
      element.classList.add("fresh")
      return element
    }
    log.querySelector(".empty")?.remove()
    // An answer may be here before the words it answers: the two come by different ways.
    const later = [...shown.values()].find((other) => other.item.at > item.at)
    if (later) {
      later.element.before(element)
      return element
    }
    const day = dayOf(item.at)
    if (day !== lastDay) log.append(h("h3", { class: "day" }, h("span", {}, day)))
    lastDay = day
    log.append(element)
    return element
  }

  // A press alone changes nothing to see: the button keeps its focus and its tick.
  const looksOf = (/** @type {any} */ item) => JSON.stringify({ ...item, pressed: null })
  const atEnd = () => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 120
  let restedAt = -1
  // A message that is taller than the window is read from its beginning.
  const toEnd = () => {
    const last = log.lastElementChild
    const above = last ? last.getBoundingClientRect().top - scroll.getBoundingClientRect().top - 8 : 0
    const tall = last instanceof HTMLElement && last.offsetHeight > scroll.clientHeight
    scroll.scrollTo({ top: tall ? scroll.scrollTop + above : scroll.scrollHeight })
    restedAt = scroll.scrollTop
  }

  return {
    /** @param {any[]} items @param {string} user @param {string} inZone @param {string} emptyWords */
    show(items, user, inZone, emptyWords) {
      viewer = user
      zone = inZone
      lastDay = ""
      shown.clear()
      log.setAttribute("aria-live", "off")
      log.replaceChildren()
      for (const item of items) put(item)
      if (items.length === 0) log.append(h("p", { class: "empty" }, emptyWords))
      toEnd()
      // What was there before is not news.
      requestAnimationFrame(() => log.setAttribute("aria-live", "polite"))
    },
    /** Follows where nobody has scrolled away, and always to what answers the person themselves. @param {any} item @param {boolean} [answers] */
    add(item, answers = false) {
      const follow = answers || atEnd() || scroll.scrollTop === restedAt
      const isNew = !shown.has(item.id)
      const element = put(item)
      if (isNew) element.classList.add("new")
      if (follow) toEnd()
    },
    toEnd,
  }
}
