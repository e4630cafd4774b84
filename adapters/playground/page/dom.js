// Small hands for building the page. Words always become text nodes, never markup.

/**
 * @param {string} tag
 * @param {Record<string, string | boolean | number | null | undefined | ((event: Event) => void)>} [attributes]
 * @param {...(Node | string | null)} children
 * @returns {HTMLElement}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue
    if (typeof value === "function") element.addEventListener(name, value)
    else element.setAttribute(name, value === true ? "" : String(value))
  }
  for (const child of children) if (child !== null) element.append(child)
  return element
}

/**
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 * @param {...Node} children
 */
export function svg(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value))
  element.append(...children)
  return element
}

/** @param {string} id */
export function byId(id) {
  const element = document.getElementById(id)
  if (!element) throw new Error(`the page has no ${id}`)
  return element
}

/** Says something to people who listen to the page. @param {string} words */
export function announce(words) {
  byId("status").textContent = words
}

/** @param {string} name */
export const initials = (name) =>
  name
    .split(/\s+/u)
    .filter(Boolean)
    .map((word) => Array.from(word)[0])
    .filter((_, i, all) => i === 0 || i === all.length - 1)
    .join("")
    .toUpperCase()

/** One of six calm tones, the same for a person every time. @param {string} user */
export function toneOf(user) {
  let sum = 0
  for (const sign of user) sum = (sum * 31 + (sign.codePointAt(0) ?? 0)) % 9973
  return `tone-${sum % 6}`
}
