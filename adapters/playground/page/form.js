// A form the bot asks for, in a dialog. What was typed survives closing it, and errors stand by their fields.
import { announce, byId, h } from "./dom.js"
import { drawProse } from "./message.js"

const dialog = /** @type {HTMLDialogElement} */ (byId("form"))
const body = /** @type {HTMLFormElement} */ (byId("form-body"))

/** What the platform itself says around a form, in the language of who is played. */
const words = {
  en: {
    optional: "optional",
    close: "Not now",
    choose: "Choose…",
    noChoice: "Please choose one.",
    noDay: "Please pick a day.",
    noWords: "Please write something here.",
    tooLong: (/** @type {number} */ count) => `That is ${count} characters too long.`,
    over: (/** @type {number} */ count) => `${count} characters too long`,
    left: (/** @type {number} */ count) => `${count} characters left`,
  },
  es: {
    optional: "opcional",
    close: "Ahora no",
    choose: "Elige…",
    noChoice: "Elige una opción.",
    noDay: "Elige un día.",
    noWords: "Escribe algo aquí.",
    tooLong: (/** @type {number} */ count) => `Sobran ${count} caracteres.`,
    over: (/** @type {number} */ count) => `${count} caracteres de más`,
    left: (/** @type {number} */ count) => `Quedan ${count} caracteres`,
  },
}
const say = () => (dialog.lang.startsWith("es") ? words.es : words.en)

/** What was typed into forms that were closed, by form. @type {Map<string, Record<string, string>>} */
const drafts = new Map()
/** @type {{ form: any, submit: (values: Record<string, string>) => Promise<void> } | null} */
let current = null

/** @param {any} form */
const keyOf = (form) => `${form.action} ${form.id}`

/**
 * Opens the dialog, or shows the same one again beside its errors.
 * @param {any} form
 * @param {Record<string, string>} errors
 * @param {(values: Record<string, string>) => Promise<void>} submit
 */
export function openForm(form, errors, submit) {
  const again = current !== null && keyOf(current.form) === keyOf(form)
  const typed = again ? values() : drafts.get(keyOf(form))
  current = { form, submit }
  const title = h("h2", { id: "form-title" }, form.title)
  body.replaceChildren(
    title,
    ...form.intro.map((/** @type {any} */ prose) => h("p", { class: "form-intro" }, ...drawProse(prose))),
    ...form.fields.map((/** @type {any} */ field) => drawField(field, typed?.[field.name] ?? field.initial ?? "")),
    h("p", { class: "form-failed", id: "form-failed", role: "alert", hidden: true }),
    h(
      "div",
      { class: "form-buttons" },
      h("button", { type: "button", class: "action", click: () => dialog.close() }, say().close),
      h("button", { type: "submit", class: "action primary" }, form.submit),
    ),
  )
  if (!dialog.open) dialog.showModal()
  if (Object.keys(errors).length > 0) showErrors(errors)
  /** @type {HTMLElement | null} */ else body.querySelector("input, textarea, select")?.focus()
}

/** Closes the dialog and forgets its draft: it was taken. */
export function closeForm() {
  if (!current) return
  drafts.delete(keyOf(current.form))
  current = null
  dialog.close()
}

/** @param {string} words */
export function failForm(words) {
  const line = byId("form-failed")
  line.textContent = words
  line.hidden = false
}

dialog.addEventListener("close", () => {
  if (current) drafts.set(keyOf(current.form), values())
  current = null
})

body.addEventListener("submit", (event) => {
  event.preventDefault()
  void handIn()
})

async function handIn() {
  if (!current || body.getAttribute("aria-busy") === "true") return
  const { form, submit } = current
  const given = values()
  const errors = missing(form, given)
  showErrors(errors)
  if (Object.keys(errors).length > 0) return
  body.setAttribute("aria-busy", "true")
  try {
    await submit(given)
  } finally {
    body.removeAttribute("aria-busy")
  }
}

function values() {
  /** @type {Record<string, string>} */
  const given = {}
  for (const [name, value] of new FormData(body)) if (typeof value === "string" && value.trim() !== "") given[name] = value
  return given
}

/** What any platform checks before it hands a form in. @param {any} form @param {Record<string, string>} given */
function missing(form, given) {
  /** @type {Record<string, string>} */
  const errors = {}
  for (const { name, kind, optional, max } of form.fields) {
    const value = given[name]
    if (value === undefined && !optional) errors[name] = kind === "one_of" ? say().noChoice : kind === "day" ? say().noDay : say().noWords
    else if (value !== undefined && max !== undefined && value.length > max) errors[name] = say().tooLong(value.length - max)
  }
  return errors
}

/** @param {Record<string, string>} errors */
function showErrors(errors) {
  /** @type {HTMLElement | null} */
  let first = null
  for (const field of body.querySelectorAll(".field")) {
    const name = field.getAttribute("data-name") ?? ""
    const line = field.querySelector(".field-error")
    const input = /** @type {HTMLElement | null} */ (field.querySelector("input, textarea, select"))
    const sentence = errors[name]
    if (line) line.textContent = sentence ?? ""
    field.classList.toggle("wrong", sentence !== undefined)
    for (const control of field.querySelectorAll("input, textarea, select")) {
      if (sentence === undefined) control.removeAttribute("aria-invalid")
      else control.setAttribute("aria-invalid", "true")
    }
    if (sentence !== undefined) first ??= input
  }
  if (!first) return
  first.focus()
  // Go on where the words end.
  if (first instanceof HTMLTextAreaElement) first.setSelectionRange(first.value.length, first.value.length)
  announce(Object.values(errors).join(" "))
}

/** @param {any} field @param {string} value */
function drawField(field, value) {
  const id = `field-${field.name}`
  const described = [field.hint === undefined ? null : `${id}-hint`, `${id}-error`].filter(Boolean).join(" ")
  const common = { id, name: field.name, "aria-describedby": described, "aria-required": field.optional ? null : "true" }
  const label = [field.label, field.optional ? h("span", { class: "optional" }, ` ${say().optional}`) : null]
  const hint = field.hint === undefined ? null : h("p", { class: "field-hint", id: `${id}-hint` }, field.hint)
  const error = h("p", { class: "field-error", id: `${id}-error` })
  if (field.kind === "one_of" && field.options.length <= 6) {
    const options = field.options.map((/** @type {any} */ option, /** @type {number} */ i) =>
      h(
        "label",
        { class: "radio" },
        h("input", {
          type: "radio",
          name: field.name,
          value: option.value,
          checked: option.value === value,
          id: `${id}-${i}`,
          "aria-describedby": described,
        }),
        h("span", {}, option.label),
      ),
    )
    return h(
      "fieldset",
      { class: "field", "data-name": field.name },
      h("legend", {}, ...label),
      hint,
      h("div", { class: "radios" }, ...options),
      error,
    )
  }
  return h("div", { class: "field", "data-name": field.name }, h("label", { for: id }, ...label), hint, drawInput(field, common, value), error)
}

/** @param {any} field @param {Record<string, string | null>} common @param {string} value */
function drawInput(field, common, value) {
  switch (field.kind) {
    case "paragraph":
      return counted(/** @type {HTMLTextAreaElement} */ (h("textarea", { ...common, rows: "5" }, value)), field.max)
    case "one_of":
      return h(
        "select",
        common,
        h("option", { value: "" }, say().choose),
        ...field.options.map((/** @type {any} */ option) => h("option", { value: option.value, selected: option.value === value }, option.label)),
      )
    case "day":
      return h("input", { ...common, type: "date", value })
    default:
      return h("input", { ...common, type: "text", value, autocomplete: "off" })
  }
}

/** Nothing is cut: near the end it says how much room is left. @param {HTMLTextAreaElement} area @param {number} max */
function counted(area, max) {
  const left = h("p", { class: "field-left" })
  const count = () => {
    const room = max - area.value.length
    left.textContent = room < 0 ? say().over(-room) : room < max / 5 ? say().left(room) : ""
    left.classList.toggle("over", room < 0)
  }
  area.addEventListener("input", count)
  count()
  return h("div", {}, area, left)
}
