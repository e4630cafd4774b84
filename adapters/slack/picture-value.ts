// A picture's numbers in the value of the button that asks for it, and out of it again: nothing is kept here between the two.
// Refuses what is not wholly as it was written: it comes back from outside.
import { cut, limits } from "../../src/platform/limits.ts"
import type { Trend } from "../../src/platform/message.ts"
import type { Picture } from "./picture.ts"
import { clean } from "./words.ts"

/** The adapter's own press; no use case is called so. */
export const pictureAction = "slack_picture"

const caps = { value: 2_000, label: 16, title: 150, sentence: limits.fact }

/** Null where there is nothing to draw, or too much to carry. Only a group's: one student's weeks stay in the message. */
export function pictureValue({ as, of, title, sentence, max, points }: Trend): string | null {
  if (of !== "group" || points.every(({ value }) => value === null || !Number.isFinite(value))) return null
  const weeks = points.flatMap(({ label, value }) => [cut(clean(label), caps.label), value === null ? null : Math.round(value * 1_000) / 1_000])
  const packed = JSON.stringify([
    cut(clean(title), caps.title),
    cut(clean(sentence), caps.sentence),
    max,
    ...(as === undefined ? [] : [as]),
    ...weeks,
  ])
  return packed.length <= caps.value ? packed : null
}

export function pictureIn(value: string): Picture | null {
  if (value.length > caps.value) return null
  const [title, sentence, max, ...rest] = listed(value)
  const as = rest[0] === "strip" && rest.length % 2 === 1 ? "strip" : null
  const weeks = as === null ? rest : rest.slice(1)
  if (!isText(title, caps.title) || !isText(sentence, caps.sentence) || !isNumber(max)) return null
  if (weeks.length === 0 || weeks.length % 2 !== 0 || weeks.length > 2 * limits.trendPoints) return null
  const points: Picture["points"][number][] = []
  for (let i = 0; i < weeks.length; i += 2) {
    const [label, height] = [weeks[i], weeks[i + 1]]
    if (!isText(label, caps.label) || !(height === null || isNumber(height))) return null
    points.push({ label, value: height })
  }
  return { title, sentence, max, points, ...(as === null ? {} : { as }) }
}

const isText = (value: unknown, cap: number): value is string => typeof value === "string" && value.length <= cap
const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value)

function listed(value: string): readonly unknown[] {
  try {
    const read: unknown = JSON.parse(value)
    return Array.isArray(read) ? read : []
  } catch {
    return []
  }
}
