// How long a name may be where many things stand beside it. A roster takes 200 characters for each half of one.
import { cut } from "../platform/limits.ts"
import { showSafely } from "../words/clean.ts"

const nameMost = 60

export const nameShown = (name: string): string => cut(showSafely(name), nameMost)
