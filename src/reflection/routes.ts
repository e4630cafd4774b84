// What this room answers: the buttons and forms of a question, and the words a student may type.
import type { Routes } from "../deps.ts"
import { openForm, submitForm } from "./answer.ts"
import { show } from "./home.ts"
import { openPause, pause, start, stop, submitPause } from "./pause.ts"
import { reflect, skip } from "./reflect.ts"
import { openTalk, submitTalk, talk } from "./talk.ts"

export const routes: Routes = {
  pressed: {
    reflect_first: openForm("reflect_first"),
    reflect_second: openForm("reflect_second"),
    reflect_skip: skip,
    reflect_show: show,
    start,
    pause: openPause,
    stop,
    talk: openTalk,
  },
  submitted: { reflect_first: submitForm("reflect_first"), reflect_second: submitForm("reflect_second"), pause: submitPause, talk: submitTalk },
  commanded: { reflect, pause, stop, start, reachout: talk },
}
