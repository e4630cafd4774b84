// What Slack refuses of blocks and views, with the messages that it gives back. Limits: docs.slack.dev/reference/block-kit.
import { isJson, type Json, json, list, text } from "./json.ts"

export type Surface = "message" | "modal" | "home"

const most = { message: 50, modal: 100, home: 100 } as const
/** All words of one message together; Slack documents nothing, github.com/slackapi/bolt-js/issues/2509 measured it. */
export const mostCharacters = 13_200

type Faults = { at(path: string, what: string): void; found: string[] }

const faults = (): Faults => {
  const found: string[] = []
  return { found, at: (path, what) => found.push(`[ERROR] ${what} [json-pointer:${path}]`) }
}

/** Empty where Slack takes them. */
export function blockFaults(blocks: unknown, surface: Surface): readonly string[] {
  const seen = faults()
  if (!Array.isArray(blocks)) return ["[ERROR] must be an array [json-pointer:/blocks]"]
  if (blocks.length > most[surface]) seen.at("/blocks", `no more than ${most[surface]} items allowed`)
  const ids = new Set<string>()
  for (const [i, block] of blocks.entries()) {
    const path = `/blocks/${i}`
    if (!isJson(block)) {
      seen.at(path, "must be an object")
      continue
    }
    if ("block_id" in block) {
      const id = text(block.block_id)
      sized(seen, `${path}/block_id`, block.block_id, 255)
      if (id !== null && ids.has(id)) seen.at(`${path}/block_id`, "block_id must be unique")
      if (id !== null) ids.add(id)
    }
    checkBlock(seen, path, block, surface)
  }
  return seen.found
}

export function viewFaults(view: unknown): readonly string[] {
  const seen = faults()
  if (!isJson(view)) return ["[ERROR] must be an object [json-pointer:/view]"]
  const surface = view.type === "modal" || view.type === "home" ? view.type : null
  if (surface === null) return ["[ERROR] unsupported type [json-pointer:/view/type]"]
  if ("callback_id" in view) sized(seen, "/view/callback_id", view.callback_id, 255)
  if ("private_metadata" in view) sized(seen, "/view/private_metadata", view.private_metadata, 3_000)
  if (surface === "modal") {
    plain(seen, "/view/title", view.title, 24)
    if ("submit" in view) plain(seen, "/view/submit", view.submit, 24)
    if ("close" in view) plain(seen, "/view/close", view.close, 24)
    if (!("submit" in view) && list(view.blocks).some((block) => json(block).type === "input"))
      seen.at("/view/submit", "a submit is required when an input is present")
  }
  return [...seen.found, ...blockFaults(view.blocks, surface)]
}

function sized(seen: Faults, path: string, value: unknown, cap: number): void {
  if (typeof value !== "string") seen.at(path, "must be a string")
  else if (value === "") seen.at(path, "must be more than 0 characters")
  else if (value.length > cap) seen.at(path, `must be less than ${cap + 1} characters`)
}

function plain(seen: Faults, path: string, value: unknown, cap: number): void {
  if (json(value).type !== "plain_text") seen.at(path, "must be plain_text")
  else worded(seen, path, value, cap)
}

function worded(seen: Faults, path: string, value: unknown, cap: number): void {
  const object = json(value)
  if (object.type !== "plain_text" && object.type !== "mrkdwn") seen.at(path, "unsupported type")
  if (object.type === "mrkdwn" && "emoji" in object) seen.at(path, "additional property: emoji")
  if (object.type === "plain_text" && "verbatim" in object) seen.at(path, "additional property: verbatim")
  sized(seen, `${path}/text`, object.text, cap)
}

function counted(seen: Faults, path: string, value: unknown, from: number, to: number): readonly unknown[] {
  const items = list(value)
  if (!Array.isArray(value) || items.length < from) seen.at(path, `no less than ${from} items allowed`)
  if (items.length > to) seen.at(path, `no more than ${to} items allowed`)
  return items
}

function checkBlock(seen: Faults, path: string, block: Json, surface: Surface): void {
  switch (block.type) {
    case "section":
      if (!("text" in block) && !("fields" in block)) seen.at(path, "missing required field: text")
      if ("text" in block) worded(seen, `${path}/text`, block.text, 3_000)
      if ("fields" in block)
        for (const [i, field] of counted(seen, `${path}/fields`, block.fields, 1, 10).entries()) worded(seen, `${path}/fields/${i}`, field, 2_000)
      if ("accessory" in block) checkElement(seen, `${path}/accessory`, json(block.accessory))
      return
    case "context":
      for (const [i, element] of counted(seen, `${path}/elements`, block.elements, 1, 10).entries())
        if (json(element).type === "image") checkImage(seen, `${path}/elements/${i}`, json(element))
        else worded(seen, `${path}/elements/${i}`, element, 3_000)
      return
    case "actions": {
      const ids = new Set<unknown>()
      for (const [i, element] of counted(seen, `${path}/elements`, block.elements, 1, 25).entries()) {
        const { action_id: id } = json(element)
        if (ids.has(id)) seen.at(`${path}/elements/${i}/action_id`, "action_id must be unique within its block")
        ids.add(id)
        checkElement(seen, `${path}/elements/${i}`, json(element))
      }
      return
    }
    case "input":
      if (surface === "message") seen.at(path, "unsupported type: input")
      // Slack makes one up; ours must be known again when the form is handed in.
      if (!("block_id" in block)) seen.at(path, "missing required field: block_id")
      plain(seen, `${path}/label`, block.label, 2_000)
      if ("hint" in block) plain(seen, `${path}/hint`, block.hint, 2_000)
      checkElement(seen, `${path}/element`, json(block.element))
      return
    case "header":
      plain(seen, `${path}/text`, block.text, 150)
      return
    case "image":
      checkImage(seen, path, block)
      return
    case "rich_text":
      for (const [i, element] of counted(seen, `${path}/elements`, block.elements, 1, 100).entries())
        checkRich(seen, `${path}/elements/${i}`, json(element))
      return
    case "divider":
      return
    default:
      seen.at(`${path}/type`, "unsupported type")
  }
}

function checkImage(seen: Faults, path: string, image: Json): void {
  sized(seen, `${path}/alt_text`, image.alt_text, 2_000)
  if ("title" in image) plain(seen, `${path}/title`, image.title, 2_000)
  if ("slack_file" in image === "image_url" in image) seen.at(path, "exactly one of image_url and slack_file is required")
  if ("image_url" in image) sized(seen, `${path}/image_url`, image.image_url, 3_000)
}

function checkElement(seen: Faults, path: string, element: Json): void {
  sized(seen, `${path}/action_id`, element.action_id, 255)
  if ("placeholder" in element) plain(seen, `${path}/placeholder`, element.placeholder, 150)
  switch (element.type) {
    case "button":
      plain(seen, `${path}/text`, element.text, 75)
      if ("value" in element) sized(seen, `${path}/value`, element.value, 2_000)
      if ("url" in element) sized(seen, `${path}/url`, element.url, 3_000)
      if ("style" in element && element.style !== "primary" && element.style !== "danger") seen.at(`${path}/style`, "unsupported value")
      return
    case "static_select":
    case "radio_buttons": {
      const options = counted(seen, `${path}/options`, element.options, 1, element.type === "static_select" ? 100 : 10)
      for (const [i, option] of options.entries()) {
        plain(seen, `${path}/options/${i}/text`, json(option).text, 75)
        sized(seen, `${path}/options/${i}/value`, json(option).value, 150)
      }
      const initial = element.initial_option
      if (initial !== undefined && !options.some((option) => JSON.stringify(option) === JSON.stringify(initial)))
        seen.at(`${path}/initial_option`, "must be one of the options")
      return
    }
    case "datepicker":
      if ("initial_date" in element && !/^\d{4}-\d{2}-\d{2}$/.test(text(element.initial_date) ?? ""))
        seen.at(`${path}/initial_date`, "must match YYYY-MM-DD")
      return
    case "plain_text_input": {
      const { max_length: max = 3_000, min_length: min = 0, initial_value: initial } = element
      if (typeof max !== "number" || max < 1 || max > 3_000) seen.at(`${path}/max_length`, "must be between 1 and 3000")
      if (typeof min !== "number" || min < 0 || min > 3_000) seen.at(`${path}/min_length`, "must be between 0 and 3000")
      if (initial !== undefined) sized(seen, `${path}/initial_value`, initial, Number(max))
      return
    }
    default:
      seen.at(`${path}/type`, "unsupported type")
  }
}

const richKinds: readonly unknown[] = ["rich_text_section", "rich_text_quote", "rich_text_preformatted"]

function checkRich(seen: Faults, path: string, element: Json): void {
  if (element.type === "rich_text_list") {
    for (const [i, item] of counted(seen, `${path}/elements`, element.elements, 1, 100).entries())
      checkRich(seen, `${path}/elements/${i}`, json(item))
    return
  }
  if (!richKinds.includes(element.type)) {
    seen.at(`${path}/type`, "unsupported type")
    return
  }
  for (const [i, part] of counted(seen, `${path}/elements`, element.elements, 1, 1_000).entries()) {
    const { type, text: words, style } = json(part)
    if (type === "text") sized(seen, `${path}/elements/${i}/text`, words, 40_000)
    else if (type !== "emoji" && type !== "link" && type !== "user") seen.at(`${path}/elements/${i}/type`, "unsupported type")
    for (const name of Object.keys(json(style)))
      if (!["bold", "italic", "strike", "code"].includes(name)) seen.at(`${path}/elements/${i}/style`, `additional property: ${name}`)
  }
}

/** Every `text` string in the blocks together. */
export function charactersIn(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + charactersIn(item), 0)
  if (!isJson(value)) return 0
  return Object.entries(value).reduce(
    (sum, [name, inner]) => sum + (name === "text" && typeof inner === "string" ? inner.length : charactersIn(inner)),
    0,
  )
}
