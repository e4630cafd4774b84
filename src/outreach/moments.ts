// Days and times as adults read them, by the clock of whoever is spoken to.
import { formatDay, formatTime, localDate, localTime } from "../scheduling/zone.ts"
import type { Language } from "../words/phrasebook.ts"

export const dayAt = (at: Date, zone: string, language: Language): string => formatDay(localDate(at, zone), language)

/** `day` and `time`, to put into a sentence. */
export const moment = (at: Date, zone: string, language: Language): { day: string; time: string } => ({
  day: dayAt(at, zone, language),
  time: formatTime(localTime(at, zone), language),
})
