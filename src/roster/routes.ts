// What may be typed of this room by everybody.
import type { Routes } from "../deps.ts"
import { here } from "./here.ts"

export const routes: Routes = { commanded: { here } }
