// Slack keeps the contract, whichever way its events come in.
import { describePlatform } from "./contract.ts"
import { openSlackHarness } from "./slack-harness.ts"

describePlatform("slack", (receive) => openSlackHarness(receive, "http"), "signed HTTP")
describePlatform("slack", (receive) => openSlackHarness(receive, "socket"), "Socket Mode")
