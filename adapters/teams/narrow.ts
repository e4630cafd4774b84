// Teams' own ids, times and words out of what came from outside; null for whatever is none.
// Refuses to know what any of it means.
import { type Body, isBody, listIn, textIn } from "../../src/platform/body.ts"

/** The objects of a list; whatever else stands in it is passed over. */
export const bodiesIn = (of: Body | null, name: string): readonly Body[] => listIn(of, name).filter(isBody)

/** An id of a conversation, an activity or a bot, in the characters that one is made of: never a slash, a space or a percent sign. */
export function idIn(of: Body | null, name: string): string | null {
  const value = textIn(of, name)
  return value !== null && isId(value) ? value : null
}

export const isId = (value: string): boolean => /^[\w:@.;=+~|-]{1,512}$/.test(value)

/** Entra's ids of tenants and people: the same in capitals and in small letters, so kept in small ones. */
export function entraIdIn(of: Body | null, name: string): string | null {
  const value = textIn(of, name)
  return value !== null && /^[\w-]{1,64}$/.test(value) ? value.toLowerCase() : null
}

/** An ISO time with its zone; null where there is none. */
export function timeIn(of: Body | null, name: string): Date | null {
  const value = textIn(of, name)
  if (value === null || !/^\d{4}-\d{2}-\d{2}T[\d:.]{5,20}(?:Z|[+-]\d{2}:\d{2})$/.test(value)) return null
  const time = new Date(value)
  return Number.isNaN(time.getTime()) ? null : time
}
