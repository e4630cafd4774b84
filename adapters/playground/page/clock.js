// The school's clock: where it stands, and the buttons that move it.
import { CallFailed, call } from "./api.js"
import { announce, byId } from "./dom.js"

const moves = /** @type {HTMLButtonElement[]} */ ([...document.querySelectorAll("[data-move]")])
const progress = /** @type {HTMLProgressElement} */ (byId("clock-progress"))
let moving = false

/** @param {string} iso @param {string} zone @param {Intl.DateTimeFormatOptions} options */
const inZone = (iso, zone, options) => new Intl.DateTimeFormat("en", { timeZone: zone, ...options }).format(new Date(iso))

/** @param {{ now: string, zone: string, moving: { from: string, at: string, to: string | null } | null, failed: boolean }} clock */
export function showClock(clock) {
  const at = clock.moving?.at ?? clock.now
  const narrow = matchMedia("(max-width: 760px)").matches
  const day = inZone(
    at,
    clock.zone,
    narrow ? { weekday: "short", day: "numeric", month: "short" } : { weekday: "long", day: "numeric", month: "long" },
  )
  const time = inZone(at, clock.zone, { hour: "numeric", minute: "2-digit" })
  const face = byId("clock-day")
  face.textContent = day
  face.setAttribute("datetime", at)
  byId("clock-time").textContent = time
  face.title = clock.zone.replaceAll("_", " ")
  for (const button of moves) {
    if (clock.moving) button.setAttribute("aria-disabled", "true")
    else button.removeAttribute("aria-disabled")
  }
  progress.hidden = clock.moving === null
  if (clock.moving) showProgress(clock.moving)
  if (moving && !clock.moving) announce(clock.failed ? "The clock stopped on the way. The terminal says why." : `It is now ${day}, ${time}.`)
  document.body.classList.toggle("clock-failed", clock.failed)
  moving = clock.moving !== null
}

/** @param {{ from: string, at: string, to: string | null }} move */
function showProgress({ from, at, to }) {
  if (to === null) {
    progress.removeAttribute("value")
    return
  }
  const [start, here, end] = [from, at, to].map((iso) => new Date(iso).getTime())
  progress.value = end > start ? (here - start) / (end - start) : 1
}

/** @param {(words: string) => void} trouble */
export function startClock(trouble) {
  for (const button of moves) button.addEventListener("click", () => void move(button, trouble))
}

/** @param {HTMLButtonElement} button @param {(words: string) => void} trouble */
async function move(button, trouble) {
  if (button.getAttribute("aria-disabled") === "true") return
  announce("The clock is moving.")
  try {
    showClock((await call("clock", { to: button.dataset.move })).clock)
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error
    trouble(error.message)
  }
}
