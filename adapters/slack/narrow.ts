// Slack's own ids, times and words out of what came from outside; null for whatever is none.
// Refuses to know what any of it means.
import { type Body, isBody, listIn, memberIn, textIn } from "../../src/platform/body.ts"

/** The first member of a list, where it is an object. */
export function firstIn(of: Body | null, name: string): Body | null {
  const [first] = listIn(of, name)
  return isBody(first) ? first : null
}

/** Slash commands say it in a form's words, everything else in JSON's. */
export function isTrueIn(of: Body | null, name: string): boolean {
  const value = memberIn(of, name)
  return value === true || value === "true"
}

/** An id of Slack's (team, user, channel, timestamp) in the few characters that one is made of. */
export function idIn(of: Body | null, name: string): string | null {
  const value = textIn(of, name)
  return value !== null && /^[\w.-]{1,64}$/.test(value) ? value : null
}

/** A token that is only ever handed back or compared. */
export function tokenIn(of: Body | null, name: string): string | null {
  const value = textIn(of, name)
  return value !== null && value !== "" && value.length <= 255 ? value : null
}

/** Seconds since 1970, as a number or as Slack's decimal string; `now` where there are none. */
export function timeIn(of: Body | null, name: string, now: Date): Date {
  const value = memberIn(of, name)
  const seconds = typeof value === "number" ? value : typeof value === "string" && /^\d{1,11}(\.\d{1,9})?$/.test(value) ? Number(value) : Number.NaN
  return seconds > 0 && seconds < 1e11 ? new Date(Math.round(seconds * 1000)) : now
}
