// The playground's page: who is being played, what they see, and what they do.
import { CallFailed, call, listen, newId } from "./api.js"
import { showClock, startClock } from "./clock.js"
import { startComposer } from "./composer.js"
import { createConversation } from "./conversation.js"
import { announce, byId, h, initials, toneOf } from "./dom.js"
import { closeForm, failForm, openForm } from "./form.js"
import { drawBlocks } from "./message.js"
import { markCurrent, roleNames, setUnread, showPeople } from "./people.js"

/** @typedef {import("./people.js").Person} Person */
/** @typedef {"direct" | "home" | "shared"} Tab */

/** @type {Map<string, Person>} */
const people = new Map()
/** @type {Person | null} */
let person = null
/** @type {Tab} */
let tab = "direct"
let blocked = false
let zone = "UTC"
/** @type {(() => void) | null} */
let stopListening = null
let wasLost = false
/** What did not get through, to be sent once more with the same id. @type {(() => Promise<void>) | null} */
let unsent = null

const composer = startComposer((deed) => void (person && act(deed, { shown: () => {} })))
const habit = /** @type {HTMLInputElement} */ (byId("habit"))
const tabs = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-tab]")])
const hands = {
  press: pressIn,
  edit: (/** @type {any} */ item) => composer.edit(item),
  remove,
  nameOf: (/** @type {string} */ user) => people.get(user)?.name ?? "Someone",
}
const conversations = { direct: createConversation("direct", hands), shared: createConversation("shared", hands) }

const empty = {
  direct: "No messages yet. Move the clock to the next prompt, or say hello.",
  shared: "Nobody has said anything here yet. Try a command: what Rapport answers here, only you can see.",
}

// -- doing things

/**
 * Hands one deed to the bot. A deed keeps its id however often it is sent.
 * @param {Record<string, unknown>} deed
 * @param {{ shown: (shown: any) => void, failed?: (words: string) => void }} then
 */
async function act(deed, then) {
  if (!person) return
  const body = { id: newId(), user: person.user, where: tab === "shared" ? "shared" : "direct", ...deed }
  const send = async () => {
    try {
      let result = await call("events", body)
      receive(result.shown, body, then)
      // Shown, yet refused: as a vendor does, it is sent again until it is taken.
      for (let wait = 1_000; result.again && wait < 10_000; wait *= 2) {
        await new Promise((resolve) => setTimeout(resolve, wait))
        result = await call("events", body)
        if (!result.again) receive(result.shown, body, then)
      }
      hideTrouble()
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error
      then.failed?.(error.message)
      showTrouble(error.message, error.again ? send : null)
    }
  }
  await send()
}

/** @param {any} shown @param {{ user: string, origin?: unknown }} body @param {{ shown: (shown: any) => void }} then */
function receive(shown, body, then) {
  if (person?.user !== body.user) return
  then.shown(shown)
  switch (shown.kind) {
    case "said":
    case "replaced":
      conversations[shown.item.place === "shared" ? "shared" : "direct"].add(shown.item, shown.kind === "said")
      if (tab === "home") {
        announce("Rapport has answered in Messages.")
        if (shown.kind === "said") choose(person.user)
      }
      break
    case "asked":
      openForm(shown.form, shown.errors, (values) => submit(shown.form, values, body.origin ?? null))
      break
    case "home":
      showHome(shown.view)
      break
  }
}

/** @param {any} form @param {Record<string, string>} values @param {unknown} origin */
function submit(form, values, origin) {
  const deed = { kind: "submitted", action: form.action, target: form.id, values, origin }
  return act(deed, {
    shown(shown) {
      if (shown.kind === "asked") return
      closeForm()
      announce("Sent.")
    },
    failed: failForm,
  })
}

/** @param {import("./message.js").Press} press @param {HTMLElement} button @param {string} messageId */
async function pressOn(press, button, messageId) {
  if (button.getAttribute("aria-busy") === "true") return
  button.setAttribute("aria-busy", "true")
  await act(
    { kind: "pressed", action: press.action, target: press.target, value: press.value, messageId, origin: messageId },
    {
      shown(shown) {
        // A press is never dead: where nothing else changes, a tick says that it was heard.
        button.classList.add("heard")
        setTimeout(() => button.classList.remove("heard"), 2_000)
        if (shown.kind === "nothing") announce(`${press.label}: done.`)
      },
    },
  )
  button.removeAttribute("aria-busy")
}

/** @param {import("./message.js").Press} press @param {HTMLElement} button @param {any} item */
function pressIn(press, button, item) {
  void pressOn(press, button, item.id)
}

/** @param {any} item */
function remove(item) {
  void act({ kind: "deleted", messageId: item.id }, { shown: () => composer.focus() })
}

/** @param {string} sentence @param {(() => Promise<void>) | null} again */
function showTrouble(sentence, again) {
  unsent = again
  byId("trouble").hidden = false
  byId("trouble-text").textContent = sentence
  byId("trouble-again").hidden = again === null
}

function hideTrouble() {
  unsent = null
  byId("trouble").hidden = true
}

byId("trouble-again").addEventListener("click", () => void unsent?.())

// -- the home view

/** @param {any} view */
function showHome(view) {
  const blocks = drawBlocks(view, (press, button) => void pressOn(press, button, "home"))
  byId("home").replaceChildren(h("div", { class: "card" }, ...(blocks.length > 0 ? blocks : [h("p", { class: "note" }, "Nothing here yet.")])))
}

function openHome() {
  byId("home").replaceChildren(h("p", { class: "empty" }, "Opening…"))
  void act(
    { kind: "opened_home", where: "direct" },
    { shown: (shown) => shown.kind === "home" || byId("home").replaceChildren(h("p", { class: "empty" }, "Rapport has nothing to show here yet.")) },
  )
}

// -- who is played

/** @param {string} user @param {Tab} [next] */
const choose = (user, next = "direct") => {
  location.hash = next === "direct" ? `user=${encodeURIComponent(user)}` : `user=${encodeURIComponent(user)}&tab=${next}`
}

async function follow() {
  const place = new URLSearchParams(location.hash.slice(1))
  const next = people.get(place.get("user") ?? "") ?? null
  const wanted = place.get("tab")
  const nextTab = wanted === "home" ? "home" : wanted === "shared" && next?.role !== "student" ? "shared" : "direct"
  const changed = next?.user !== person?.user
  person = next
  tab = nextTab
  document.body.classList.remove("choosing")
  byId("people-toggle").setAttribute("aria-expanded", "false")
  byId("stage").hidden = next === null
  byId("welcome").hidden = next !== null
  markCurrent(next?.user ?? null)
  showTabs()
  if (changed || stopListening === null) hearFor(next?.user ?? "")
  if (!next) {
    document.title = "Rapport playground"
    return
  }
  if (changed) play(next)
  if (tab === "home") openHome()
  else await load(next, tab)
}

/** @param {Person} next */
function play(next) {
  document.title = `${next.name}, Rapport playground`
  byId("who-name").textContent = next.name
  // What the bot says is in the person's language, for voices too; the page around it stays as it is.
  for (const id of ["log-direct", "log-shared", "home", "form"]) byId(id).lang = next.language ?? ""
  const avatar = byId("who-avatar")
  avatar.textContent = initials(next.name)
  avatar.className = `avatar large ${toneOf(next.user)}`
  const spoken = next.language ? new Intl.DisplayNames(["en"], { type: "language" }).of(next.language) : null
  byId("who-about").textContent = [roleNames[next.role], next.group, next.site, spoken].filter(Boolean).join(" · ")
  composer.clear()
  hideTrouble()
  closeForm()
  menu.removeAttribute("open")
}

/** @param {string} user */
function hearFor(user) {
  stopListening?.()
  stopListening = listen(user, hear, (connected) => {
    byId("lost").hidden = connected
    if (connected && wasLost && person) void load(person, tab === "shared" ? "shared" : "direct")
    wasLost = !connected
  })
}

/** @param {Person} who @param {"direct" | "shared"} place */
async function load(who, place) {
  try {
    const chat = await call(`chat?user=${encodeURIComponent(who.user)}&place=${place}`)
    if (person?.user !== who.user) return
    conversations[place].show(chat.items, who.user, who.zone ?? zone, empty[place])
    blocked = chat.blocked
    byId("block").textContent = blocked ? "Unblock Rapport" : "Block Rapport"
    byId("habit-row").hidden = chat.habit === null
    byId("habit-note").hidden = chat.habit === null
    habit.checked = chat.habit?.on ?? false
    await seen()
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error
    showTrouble(error.message, () => load(who, place))
  }
}

async function seen() {
  if (!person || tab !== "direct" || document.visibilityState !== "visible") return
  await call("seen", { user: person.user }).catch(() => undefined)
}
document.addEventListener("visibilitychange", () => void seen())

/** @param {any} event */
function hear(event) {
  switch (event.kind) {
    case "item":
      conversations[event.place === "shared" ? "shared" : "direct"].add(event.item)
      void seen()
      break
    case "unread":
      for (const [user, count] of Object.entries(event.counts)) setUnread(user, Number(count))
      break
    case "clock":
      showClock(event.clock)
      break
    case "reload":
      void start()
      break
  }
}

function showTabs() {
  for (const button of tabs) {
    const own = button.dataset.tab === tab
    button.setAttribute("aria-selected", String(own))
    button.tabIndex = own ? 0 : -1
    button.hidden = button.dataset.tab === "shared" && person?.role === "student"
    byId(`panel-${button.dataset.tab}`).hidden = !own
  }
  byId("composer").hidden = tab === "home"
}

for (const button of tabs) {
  button.addEventListener("click", () => person && choose(person.user, /** @type {Tab} */ (button.dataset.tab)))
  button.addEventListener("keydown", (event) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0
    if (step === 0) return
    const open = tabs.filter((one) => !one.hidden)
    const next = open[(open.indexOf(button) + step + open.length) % open.length]
    next?.focus()
    next?.click()
  })
}

habit.addEventListener("change", () => person && void call("habits", { user: person.user, on: habit.checked }))
byId("block").addEventListener("click", () => {
  void act(
    { kind: blocked ? "arrived" : "left", where: "direct" },
    {
      shown() {
        blocked = !blocked
        byId("block").textContent = blocked ? "Unblock Rapport" : "Block Rapport"
        announce(blocked ? "Rapport is blocked: nothing it sends arrives." : "Rapport may write again.")
      },
    },
  )
})

const menu = byId("menu")
document.addEventListener("click", ({ target }) => {
  if (!(target instanceof Node && menu.contains(target))) menu.removeAttribute("open")
})
menu.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !menu.hasAttribute("open")) return
  menu.removeAttribute("open")
  menu.querySelector("summary")?.focus()
})

byId("people-toggle").addEventListener("click", () => {
  const open = document.body.classList.toggle("choosing")
  byId("people-toggle").setAttribute("aria-expanded", String(open))
  if (open) byId("search").focus()
})
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !document.body.classList.contains("choosing")) return
  document.body.classList.remove("choosing")
  byId("people-toggle").setAttribute("aria-expanded", "false")
  byId("people-toggle").focus()
})

async function start() {
  const { people: everyone, clock } = await call("people")
  people.clear()
  for (const one of everyone) people.set(one.user, one)
  zone = clock.zone
  showPeople(everyone)
  showClock(clock)
  person = null
  await follow()
}

startClock((sentence) => showTrouble(sentence, null))
window.addEventListener("hashchange", () => void follow())
start().catch((error) => {
  byId("lost").textContent = error instanceof CallFailed ? error.message : "The page could not start. Reload it."
  byId("lost").hidden = false
  throw error
})
