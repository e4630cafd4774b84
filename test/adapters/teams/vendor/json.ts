// JSON as it came over the wire, read member by member.

export type Json = Readonly<Record<string, unknown>>

export const isJson = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value)

export const json = (value: unknown): Json => (isJson(value) ? value : {})
export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
export const text = (value: unknown): string | null => (typeof value === "string" ? value : null)

export function parsed(source: string): unknown {
  try {
    return JSON.parse(source)
  } catch {
    return null
  }
}
