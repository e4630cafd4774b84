// What Teams refuses of an Adaptive Card, or would show wrong without a word: that is a fault here too.
// From adaptivecards.io/explorer (1.5) and learn.microsoft.com/microsoftteams/platform/task-modules-and-cards.
import { isJson, type Json, json, list, text } from "./json.ts"

/** A dialog hands in by Action.Submit alone; what a message extension inserts is a message. */
export type Surface = "message" | "dialog"

/** Bytes of a card, as JSON in UTF-8. */
export const mostCardBytes = 28 * 1024
/** Bytes of a whole activity. */
export const mostActivityBytes = 100 * 1024

const mostActions = 6

type Faults = { at(path: string, what: string): void; found: string[]; surface: Surface; ids: Set<string>; inputs: string[] }

/** Empty where Teams takes the card and shows all of it. */
export function cardFaults(card: unknown, surface: Surface): readonly string[] {
  const found: string[] = []
  const seen: Faults = { found, surface, ids: new Set(), inputs: [], at: (path, what) => found.push(`${path === "" ? "/" : path}: ${what}`) }
  if (!isJson(card)) return ["/: must be an object"]
  checkCard(seen, "", card)
  for (const { path, action } of actionsIn(card, ""))
    for (const name of Object.keys(json(action.data))) if (seen.inputs.includes(name)) seen.at(path, `an input would overwrite the data ${name}`)
  if (Buffer.byteLength(JSON.stringify(card)) > mostCardBytes) seen.at("", "is too large")
  return found
}

function checkCard(seen: Faults, path: string, card: Json): void {
  if (card.type !== "AdaptiveCard") seen.at(`${path}/type`, "must be AdaptiveCard")
  const version = /^1\.(\d+)$/.exec(text(card.version) ?? "")?.[1]
  if (version === undefined) seen.at(`${path}/version`, "must be 1.x")
  else if (Number(version) > 5 && !text(card.fallbackText)) seen.at(`${path}/version`, "is newer than 1.5 and has no fallbackText")
  if ("speak" in card && typeof card.speak !== "string") seen.at(`${path}/speak`, "must be a string")
  if ("lang" in card && typeof card.lang !== "string") seen.at(`${path}/lang`, "must be a string")
  elements(seen, `${path}/body`, "body" in card ? card.body : [])
  if ("actions" in card) actions(seen, `${path}/actions`, card.actions)
}

function elements(seen: Faults, path: string, value: unknown): void {
  if (!Array.isArray(value)) {
    seen.at(path, "must be an array")
    return
  }
  for (const [i, element] of value.entries()) checkElement(seen, `${path}/${i}`, element)
}

function identified(seen: Faults, path: string, { id }: Json): void {
  if (id === undefined) return
  if (typeof id !== "string" || id === "") seen.at(`${path}/id`, "must be words")
  else if (seen.ids.has(id)) seen.at(`${path}/id`, "must be unique in its card")
  else seen.ids.add(id)
}

/** A string, and not an empty one. */
function words(seen: Faults, path: string, value: unknown): void {
  if (typeof value !== "string") seen.at(path, "must be a string")
  else if (value === "") seen.at(path, "must not be empty")
}

function oneOf(seen: Faults, path: string, value: unknown, allowed: readonly string[]): void {
  if (value === undefined) return
  if (typeof value !== "string" || !allowed.includes(value.toLowerCase())) seen.at(path, `must be one of ${allowed.join(", ")}`)
}

function kindOf(seen: Faults, path: string, value: unknown, kinds: Readonly<Record<string, string>>): void {
  if (value !== undefined && typeof value !== kinds[path.slice(path.lastIndexOf("/") + 1)]) seen.at(path, "has another type")
}

const shared: Readonly<Record<string, string>> = {
  separator: "boolean",
  isVisible: "boolean",
  wrap: "boolean",
  isSubtle: "boolean",
  isRequired: "boolean",
}
const spacings = ["none", "small", "default", "medium", "large", "extralarge", "padding"]
const sizes = ["small", "default", "medium", "large", "extralarge"]
const weights = ["lighter", "default", "bolder"]
const colors = ["default", "dark", "light", "accent", "good", "warning", "attention"]
const styles = ["default", "emphasis", "good", "attention", "warning", "accent"]

function checkElement(seen: Faults, path: string, value: unknown): void {
  if (!isJson(value)) {
    seen.at(path, "must be an object")
    return
  }
  identified(seen, path, value)
  for (const name of Object.keys(shared)) kindOf(seen, `${path}/${name}`, value[name], shared)
  oneOf(seen, `${path}/spacing`, value.spacing, spacings)
  if ("fallback" in value && value.fallback !== "drop") checkElement({ ...seen, ids: new Set(), inputs: [] }, `${path}/fallback`, value.fallback)
  switch (value.type) {
    case "TextBlock":
    case "TextRun":
      if (typeof value.text !== "string") seen.at(`${path}/text`, "must be a string")
      oneOf(seen, `${path}/size`, value.size, sizes)
      oneOf(seen, `${path}/weight`, value.weight, weights)
      oneOf(seen, `${path}/color`, value.color, colors)
      return
    case "RichTextBlock": {
      const inlines = list(value.inlines)
      if (inlines.length === 0) seen.at(`${path}/inlines`, "must have items")
      for (const [i, inline] of inlines.entries()) {
        if (typeof inline === "string") continue
        if (json(inline).type !== "TextRun") seen.at(`${path}/inlines/${i}/type`, "must be TextRun")
        else checkElement(seen, `${path}/inlines/${i}`, inline)
      }
      return
    }
    case "Container":
      oneOf(seen, `${path}/style`, value.style, styles)
      elements(seen, `${path}/items`, value.items)
      return
    case "ColumnSet":
      for (const [i, column] of list(value.columns).entries()) {
        if (!isJson(column)) seen.at(`${path}/columns/${i}`, "must be an object")
        else elements(seen, `${path}/columns/${i}/items`, column.items)
      }
      return
    case "FactSet":
      if (list(value.facts).length === 0) seen.at(`${path}/facts`, "must have items")
      for (const [i, fact] of list(value.facts).entries()) {
        if (typeof json(fact).title !== "string") seen.at(`${path}/facts/${i}/title`, "must be a string")
        if (typeof json(fact).value !== "string") seen.at(`${path}/facts/${i}/value`, "must be a string")
      }
      return
    case "Image":
      if (!/^(https:|data:image\/)/.test(text(value.url) ?? "")) seen.at(`${path}/url`, "must be https or data")
      words(seen, `${path}/altText`, value.altText)
      return
    case "ActionSet":
      actions(seen, `${path}/actions`, value.actions)
      return
    case "Input.Text":
    case "Input.ChoiceSet":
    case "Input.Date":
    case "Input.Toggle":
    case "Input.Number":
    case "Input.Time":
      checkInput(seen, path, value)
      return
    case "Chart.VerticalBar":
      // Newer than 1.5: Teams draws it, other hosts of the same card do not.
      if (!("fallback" in value)) seen.at(`${path}/fallback`, "is missing from what is newer than 1.5")
      if (list(value.data).length === 0) seen.at(`${path}/data`, "must have items")
      for (const [i, point] of list(value.data).entries()) {
        const { x, y } = json(point)
        if (typeof x !== "string") seen.at(`${path}/data/${i}/x`, "must be a string")
        if (y !== undefined && (typeof y !== "number" || !Number.isFinite(y))) seen.at(`${path}/data/${i}/y`, "must be a number")
      }
      return
    default:
      if (!("fallback" in value)) seen.at(`${path}/type`, `is unknown: ${String(value.type)}`)
  }
}

function checkInput(seen: Faults, path: string, input: Json): void {
  words(seen, `${path}/id`, input.id)
  seen.inputs.push(text(input.id) ?? "")
  if ("label" in input) words(seen, `${path}/label`, input.label)
  if ("errorMessage" in input) words(seen, `${path}/errorMessage`, input.errorMessage)
  if ("placeholder" in input && typeof input.placeholder !== "string") seen.at(`${path}/placeholder`, "must be a string")
  // Without it Teams refuses to hand in and does not say why.
  if (input.isRequired === true && !text(input.errorMessage)) seen.at(`${path}/errorMessage`, "is missing from what is required")
  const value = input.value
  if (value !== undefined && input.type !== "Input.Number" && typeof value !== "string") seen.at(`${path}/value`, "must be a string")
  switch (input.type) {
    case "Input.Text": {
      const most = input.maxLength
      if (most !== undefined && (!Number.isInteger(most) || Number(most) < 1)) seen.at(`${path}/maxLength`, "must be a whole number")
      if (typeof value === "string" && typeof most === "number" && value.length > most) seen.at(`${path}/value`, "is longer than maxLength")
      oneOf(seen, `${path}/style`, input.style, ["text", "tel", "url", "email", "password"])
      return
    }
    case "Input.Date":
      for (const name of ["value", "min", "max"])
        if (name in input && !/^\d{4}-\d{2}-\d{2}$/.test(text(input[name]) ?? "")) seen.at(`${path}/${name}`, "must be YYYY-MM-DD")
      return
    case "Input.ChoiceSet": {
      oneOf(seen, `${path}/style`, input.style, ["compact", "expanded", "filtered"])
      const choices = list(input.choices)
      if (choices.length === 0) seen.at(`${path}/choices`, "must have items")
      const values = choices.map((choice) => json(choice).value)
      for (const [i, choice] of choices.entries()) {
        words(seen, `${path}/choices/${i}/title`, json(choice).title)
        words(seen, `${path}/choices/${i}/value`, json(choice).value)
      }
      if (new Set(values).size < values.length) seen.at(`${path}/choices`, "must have each value once")
      if (typeof value === "string" && value !== "" && !values.includes(value)) seen.at(`${path}/value`, "must be one of the choices")
      return
    }
    default:
      return
  }
}

function actions(seen: Faults, path: string, value: unknown): void {
  const items = list(value)
  if (!Array.isArray(value) || items.length === 0) seen.at(path, "must have items")
  if (items.filter((action) => json(action).mode !== "secondary").length > mostActions) seen.at(path, `shows no more than ${mostActions} actions`)
  for (const [i, action] of items.entries()) checkAction(seen, `${path}/${i}`, json(action))
}

const msteamsTypes = ["task/fetch", "messageBack", "imBack", "invoke", "signin"]

function checkAction(seen: Faults, path: string, action: Json): void {
  identified(seen, path, action)
  words(seen, `${path}/title`, action.title)
  oneOf(seen, `${path}/style`, action.style, ["default", "positive", "destructive"])
  oneOf(seen, `${path}/mode`, action.mode, ["primary", "secondary"])
  oneOf(seen, `${path}/associatedInputs`, action.associatedInputs, ["auto", "none"])
  if ("fallback" in action && action.fallback !== "drop") checkAction({ ...seen, ids: new Set() }, `${path}/fallback`, json(action.fallback))
  switch (action.type) {
    case "Action.Execute":
      if (seen.surface === "dialog") seen.at(`${path}/type`, "does nothing in a dialog")
      words(seen, `${path}/verb`, action.verb)
      if ("data" in action && !isJson(action.data)) seen.at(`${path}/data`, "must be an object")
      return
    case "Action.Submit": {
      if ("data" in action && !isJson(action.data)) seen.at(`${path}/data`, "must be an object")
      const own = json(action.data).msteams
      if (own !== undefined && !msteamsTypes.includes(String(json(own).type))) seen.at(`${path}/data/msteams/type`, "is unknown")
      return
    }
    case "Action.OpenUrl":
      if (!/^https:\/\//.test(text(action.url) ?? "")) seen.at(`${path}/url`, "must be https")
      return
    case "Action.ShowCard":
      checkCard(seen, `${path}/card`, json(action.card))
      return
    case "Action.ToggleVisibility":
      if (list(action.targetElements).length === 0) seen.at(`${path}/targetElements`, "must have items")
      return
    default:
      if (!("fallback" in action)) seen.at(`${path}/type`, `is unknown: ${String(action.type)}`)
  }
}

export type Placed = { path: string; action: Json /** The inputs before it, nearest last. */; inputs: readonly Json[] }

/** Every action that is shown, in the order of reading, with where it stands. */
export function actionsIn(card: Json, path = ""): readonly Placed[] {
  const found: Placed[] = []
  const inputs: Json[] = []
  const take = (items: unknown, at: string): void => {
    for (const [i, action] of list(items).entries()) found.push({ path: `${at}/${i}`, action: json(action), inputs: [...inputs] })
  }
  const walk = (items: unknown, at: string): void => {
    for (const [i, item] of list(items).entries()) {
      const element = json(item)
      if (text(element.type)?.startsWith("Input.")) inputs.push(element)
      if (element.type === "ActionSet") take(element.actions, `${at}/${i}/actions`)
      walk(element.items, `${at}/${i}/items`)
      for (const [n, column] of list(element.columns).entries()) walk(json(column).items, `${at}/${i}/columns/${n}/items`)
    }
  }
  walk(card.body, `${path}/body`)
  take(card.actions, `${path}/actions`)
  return found
}

/** Every input that is shown, each with what follows it directly. */
export function inputsIn(card: Json): readonly { input: Json; next: Json }[] {
  const found: { input: Json; next: Json }[] = []
  const walk = (items: unknown): void => {
    for (const [i, item] of list(items).entries()) {
      const element = json(item)
      if (text(element.type)?.startsWith("Input.")) found.push({ input: element, next: json(list(items)[i + 1]) })
      walk(element.items)
      for (const column of list(element.columns)) walk(json(column).items)
    }
  }
  walk(card.body)
  return found
}
