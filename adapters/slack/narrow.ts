// What came from outside, narrowed member by member: own members of plain objects only, null for all else.
// Refuses to know what any of it means.

export type Body = Readonly<Record<string, unknown>>

export const isBody = (value: unknown): value is Body => typeof value === "object" && value !== null && !Array.isArray(value)

const member = (of: Body, name: string): unknown => (Object.hasOwn(of, name) ? of[name] : undefined)

export function bodyIn(of: Body | null, name: string): Body | null {
  const value = of && member(of, name)
  return isBody(value) ? value : null
}

export function textIn(of: Body | null, name: string): string | null {
  const value = of && member(of, name)
  return typeof value === "string" ? value : null
}

export function listIn(of: Body | null, name: string): readonly unknown[] {
  const value = of && member(of, name)
  return Array.isArray(value) ? value : []
}

/** The first member of a list, where it is an object. */
export function firstIn(of: Body | null, name: string): Body | null {
  const [first] = listIn(of, name)
  return isBody(first) ? first : null
}

/** Slash commands say it in a form's words, everything else in JSON's. */
export function isTrueIn(of: Body | null, name: string): boolean {
  const value = of && member(of, name)
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
  const value = of && member(of, name)
  const seconds = typeof value === "number" ? value : typeof value === "string" && /^\d{1,11}(\.\d{1,9})?$/.test(value) ? Number(value) : Number.NaN
  return seconds > 0 && seconds < 1e11 ? new Date(Math.round(seconds * 1000)) : now
}
