// The list of people to be: by advisory, with search and what each has not seen yet.
import { byId, h, initials, toneOf } from "./dom.js"

export const roleNames = {
  student: "Student",
  advisor: "Advisor",
  teacher: "Teacher",
  counsellor: "Counsellor",
  principal: "Principal",
  admin: "Office",
}

/** @typedef {{ user: string, name: string, role: keyof typeof roleNames, group: string | null, site: string | null, zone: string | null, language: string | null, unread: number }} Person */

const list = byId("people-list")
const search = /** @type {HTMLInputElement} */ (byId("search"))
/** @type {Map<string, HTMLElement>} */
const badges = new Map()
/** @type {Map<string, HTMLElement>} */
const links = new Map()

/** @param {Person[]} people */
export function showPeople(people) {
  badges.clear()
  links.clear()
  const sections = [...grouped(people)].map(([name, members]) =>
    h("section", {}, h("h3", {}, name, siteOf(members)), h("ul", {}, ...members.map((person) => h("li", {}, row(person))))),
  )
  list.replaceChildren(...sections, h("p", { class: "nobody", hidden: true }, "Nobody here has such a name."))
  filter()
}

/** @param {Person[]} members */
function siteOf(members) {
  const sites = new Set(members.map(({ site }) => site))
  const site = members[0]?.site
  return sites.size === 1 && site ? h("span", {}, site) : null
}

/** Staff of the whole school first, then each advisory with its advisor on top. @param {Person[]} people */
function grouped(people) {
  /** @type {Map<string, Person[]>} */
  const groups = new Map()
  const order = Object.keys(roleNames)
  const rank = (/** @type {Person} */ person) => (person.role === "student" ? order.length : order.indexOf(person.role))
  const headingOf = (/** @type {Person} */ { role, group }) => group ?? (role === "student" ? "No advisory yet" : "Whole school")
  const sorted = [...people].sort((a, b) => {
    const [first, second] = [headingOf(a), headingOf(b)]
    if (first !== second) return first === "Whole school" ? -1 : second === "Whole school" ? 1 : first.localeCompare(second, "en", { numeric: true })
    return rank(a) - rank(b) || a.name.localeCompare(b.name)
  })
  for (const person of sorted) {
    const heading = headingOf(person)
    groups.set(heading, [...(groups.get(heading) ?? []), person])
  }
  return groups
}

/** @param {Person} person */
function row(person) {
  const badge = h("span", { class: "badge" })
  const link = h(
    "a",
    { href: `#user=${encodeURIComponent(person.user)}`, "data-find": `${person.name} ${person.group ?? ""} ${roleNames[person.role]}`.toLowerCase() },
    h("span", { class: `avatar ${toneOf(person.user)}`, "aria-hidden": "true" }, initials(person.name)),
    h("span", { class: "row-name" }, person.name, person.role === "student" ? null : h("small", {}, roleNames[person.role])),
    badge,
  )
  badges.set(person.user, badge)
  links.set(person.user, link)
  setUnread(person.user, person.unread)
  return link
}

/** @param {string} user @param {number} count */
export function setUnread(user, count) {
  const badge = badges.get(user)
  if (!badge) return
  badge.hidden = count === 0
  badge.replaceChildren(count > 99 ? "99+" : String(count), h("span", { class: "hidden" }, count === 1 ? " new message" : " new messages"))
}

/** @param {string | null} user */
export function markCurrent(user) {
  for (const [id, link] of links) {
    if (id === user) link.setAttribute("aria-current", "page")
    else link.removeAttribute("aria-current")
  }
  if (user !== null) links.get(user)?.scrollIntoView({ block: "nearest" })
}

function filter() {
  const words = search.value.trim().toLowerCase().split(/\s+/u)
  let any = false
  for (const section of list.querySelectorAll("section")) {
    let shown = 0
    for (const item of section.querySelectorAll("li")) {
      const text = item.firstElementChild?.getAttribute("data-find") ?? ""
      item.hidden = !words.every((word) => text.includes(word))
      if (!item.hidden) shown += 1
    }
    section.hidden = shown === 0
    any ||= shown > 0
  }
  const nobody = list.querySelector(".nobody")
  if (nobody instanceof HTMLElement) nobody.hidden = any
}

search.addEventListener("input", filter)
