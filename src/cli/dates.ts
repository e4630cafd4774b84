// How a date is written at the terminal; whatever takes one takes it alike.
import { InvalidArgumentError } from "commander"
import { isDate } from "../scheduling/zone.ts"

export function dateIn(value: string): string {
  if (!isDate(value)) throw new InvalidArgumentError("Write a date as YYYY-MM-DD.")
  return value
}
