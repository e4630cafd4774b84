// Where a person writes: a message, a command that begins with a slash, or other words for a message sent before.
import { byId } from "./dom.js"

/** @param {(deed: Record<string, unknown>) => void} send */
export function startComposer(send) {
  const form = /** @type {HTMLFormElement} */ (byId("composer"))
  const words = /** @type {HTMLTextAreaElement} */ (byId("words"))
  /** The message that is being changed. @type {string | null} */
  let editing = null

  function grow() {
    words.style.height = "auto"
    words.style.height = `${Math.min(words.scrollHeight, 160)}px`
  }

  function clear() {
    editing = null
    words.value = ""
    byId("editing").hidden = true
    grow()
  }

  /** @param {string} text */
  function deedOf(text) {
    if (editing !== null) return { kind: "edited", messageId: editing, text }
    const command = /^\/([\p{L}\p{M}\w-]+)\s*([\s\S]*)$/u.exec(text.trim())
    return command ? { kind: "commanded", command: command[1]?.toLowerCase(), text: command[2] } : { kind: "said", text }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault()
    if (words.value.trim() === "") return
    const deed = deedOf(words.value)
    clear()
    send(deed)
  })
  words.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && editing !== null) clear()
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return
    event.preventDefault()
    form.requestSubmit()
  })
  words.addEventListener("input", grow)
  byId("editing-stop").addEventListener("click", clear)

  return {
    clear,
    focus: () => words.focus(),
    /** @param {{ id: string, text: string }} item */
    edit(item) {
      editing = item.id
      words.value = item.text
      byId("editing").hidden = false
      words.focus()
      grow()
    },
  }
}
