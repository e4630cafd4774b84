// A message's blocks as elements.
import { h } from "./dom.js"
import { drawTrend } from "./trend.js"

/** @typedef {{ action: string, target: string, value: string | null, label: string }} Press */

/** @param {{ kind: string, text: string }[]} prose */
export const drawProse = (prose) => prose.map(({ kind, text }) => (kind === "strong" ? h("strong", {}, text) : document.createTextNode(text)))

/**
 * @param {{ blocks: any[] }} message
 * @param {(press: Press, button: HTMLElement) => void} press
 */
export const drawBlocks = (message, press) => message.blocks.map((block) => drawBlock(block, press))

/** @param {any} block @param {(press: Press, button: HTMLElement) => void} press @returns {HTMLElement} */
function drawBlock(block, press) {
  switch (block.kind) {
    case "text":
      return h("p", { class: "text" }, ...drawProse(block.prose))
    case "note":
      return h("p", { class: "note" }, ...drawProse(block.prose))
    case "quote":
      return h("figure", { class: "quote" }, h("blockquote", {}, block.words), block.by === null ? null : h("figcaption", {}, block.by))
    case "facts":
      return h(
        "dl",
        { class: "facts" },
        ...block.facts.map((/** @type {{ label: string, value: string }} */ { label, value }) =>
          h("div", {}, h("dt", {}, label), h("dd", {}, value)),
        ),
      )
    case "divider":
      return h("hr")
    case "buttons":
      return h(
        "div",
        { class: "buttons" },
        ...block.buttons.map((/** @type {any} */ { action, id, label, style }) => {
          const button = h("button", { type: "button", class: `action ${style ?? ""}` }, label)
          button.addEventListener("click", () => press({ action, target: id, value: null, label }, button))
          return button
        }),
      )
    case "select":
      return drawSelect(block, press)
    case "trend":
      return drawTrend(block)
    default:
      return h("p", { class: "note" }, "This part cannot be shown here.")
  }
}

let selects = 0

/** A choice and a button to make it: with the keyboard a list changes at each arrow. @param {any} block @param {(press: Press, button: HTMLElement) => void} press */
function drawSelect(block, press) {
  selects += 1
  const id = `choice-${selects}`
  const list = /** @type {HTMLSelectElement} */ (
    h(
      "select",
      { id },
      block.chosen === null ? h("option", { value: "" }, "Choose…") : null,
      ...block.options.map((/** @type {{ value: string, label: string }} */ { value, label }) =>
        h("option", { value, selected: value === block.chosen }, label),
      ),
    )
  )
  const button = h("button", { type: "button", class: "action" }, "Choose")
  button.addEventListener("click", () => {
    if (list.value === "") return list.focus()
    const label = list.selectedOptions[0]?.textContent ?? ""
    press({ action: block.action, target: block.id, value: list.value, label }, button)
  })
  return h("div", { class: "choice" }, h("label", { for: id }, block.label), h("div", { class: "choice-row" }, list, button))
}
