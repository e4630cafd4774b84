// What came from outside, narrowed member by member: own members of plain objects only, null for all else.
// Refuses to know what any of it means.

export type Body = Readonly<Record<string, unknown>>

export const isBody = (value: unknown): value is Body => typeof value === "object" && value !== null && !Array.isArray(value)

export const memberIn = (of: Body | null, name: string): unknown => (of !== null && Object.hasOwn(of, name) ? of[name] : undefined)

export function bodyIn(of: Body | null, name: string): Body | null {
  const value = memberIn(of, name)
  return isBody(value) ? value : null
}

export function textIn(of: Body | null, name: string): string | null {
  const value = memberIn(of, name)
  return typeof value === "string" ? value : null
}

export function listIn(of: Body | null, name: string): readonly unknown[] {
  const value = memberIn(of, name)
  return Array.isArray(value) ? value : []
}
