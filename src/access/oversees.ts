// Decides who may see what is counted about a whole school: whoever answers for it. No word and no name comes with that.
// Refuses to say anything of one student, which `policy.ts` decides.
import type { Actor } from "./actor.ts"

export const oversees = ({ role, staffRoles }: Pick<Actor, "role" | "staffRoles">): boolean => role === "staff" && staffRoles.length > 0
