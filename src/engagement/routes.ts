// The buttons and forms of this room.
import type { Routes } from "../deps.ts"
import { acknowledged, unacknowledged } from "./acknowledge-alert.ts"
import { adultNotes } from "./adult-notes.ts"
import { alertClosed, alertReopened, noteAsked, noted } from "./close-alert.ts"
import { handAsked, handed, unhanded } from "./hand-alert.ts"
import { alertMore } from "./more-alert.ts"
import { raiseAsked, raised, unraised } from "./raise-alert.ts"
import { snoozeAsked, snoozed, unsnoozed } from "./snooze-alert.ts"

export const routes: Routes = {
  pressed: {
    alert_more: alertMore,
    alert_acknowledge: acknowledged,
    alert_unacknowledge: unacknowledged,
    alert_useful: alertClosed("useful"),
    alert_known: alertClosed("known"),
    alert_false: alertClosed("false"),
    alert_reopen: alertReopened,
    alert_note: noteAsked,
    alert_notes: adultNotes,
    alert_snooze: snoozeAsked,
    alert_unsnooze: unsnoozed,
    alert_hand: handAsked,
    alert_unhand: unhanded,
    alert_raise: raiseAsked,
    alert_unraise: unraised,
  },
  submitted: { alert_snooze: snoozed, alert_hand: handed, alert_note: noted, alert_raise: raised },
}
