// Teams keeps the contract.
import { describePlatform } from "./contract.ts"
import { openTeamsHarness } from "./teams-harness.ts"

describePlatform("teams", openTeamsHarness)
