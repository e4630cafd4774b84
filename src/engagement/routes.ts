// The buttons and forms of this room.
import type { Routes } from "../deps.ts"
import { alertClosed, alertReopened } from "./close-alert.ts"
import { snoozeAsked, snoozed, unsnoozed } from "./snooze-alert.ts"

export const routes: Routes = {
  pressed: {
    alert_useful: alertClosed("useful"),
    alert_known: alertClosed("known"),
    alert_false: alertClosed("false"),
    alert_reopen: alertReopened,
    alert_snooze: snoozeAsked,
    alert_unsnooze: unsnoozed,
  },
  submitted: { alert_snooze: snoozed },
}
