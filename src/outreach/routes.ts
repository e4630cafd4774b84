// The buttons, forms and commands of the adults, by name.
import type { Routes } from "../deps.ts"
import { away, awayBack, openAway, submitAway } from "../roster/away.ts"
import { reachOutAnswered, reachOutTaken } from "./answer-reach-out.ts"
import { beliefAnswered } from "./belief.ts"
import { coverage } from "./coverage.ts"
import { alertHello, hello, helloAll, helloUndo } from "./hello.ts"
import { openHelloMore, submitHelloMore } from "./hello-more.ts"
import { openLine, submitLine } from "./line.ts"
import { openOutreach, outreach, submitOutreach } from "./log-hello.ts"
import { mentee, menteePressed } from "./mentee.ts"
import { menteeWords } from "./mentee-words.ts"
import { ownMeasurePressed } from "./own-measure.ts"
import { readingApart, readingLater, readingOpen, readingRead } from "./read.ts"

export const routes: Routes = {
  pressed: {
    reading_open: readingOpen,
    reading_apart: readingApart,
    reading_read: readingRead,
    reading_line: openLine,
    reading_later: readingLater,
    mentee: menteePressed,
    mentee_words: menteeWords,
    hello,
    hello_all: helloAll,
    alert_hello: alertHello,
    hello_undo: helloUndo,
    hello_more: openHelloMore,
    outreach: openOutreach,
    own_measure: ownMeasurePressed,
    reach_out_taken: reachOutTaken,
    reach_out_answered: reachOutAnswered,
    belief_yes: beliefAnswered("yes"),
    belief_unsure: beliefAnswered("unsure"),
    belief_no: beliefAnswered("no"),
    belief_skip: beliefAnswered("skip"),
    away: openAway,
    away_back: awayBack,
  },
  submitted: { reading_line: submitLine, outreach: submitOutreach, hello_more: submitHelloMore, away: submitAway },
  commanded: { mentee, outreach, coverage, away },
}
