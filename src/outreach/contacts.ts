// Decides what counts as one contact between an adult and a student. Refuses to know who asked for it to be logged, and who may.
import { insertContact, type Told } from "../../db/queries/outreach-contact.ts"
import type { Scene } from "../deps.ts"

/**
 * `source` names what logged it (an event, a reply): it counts once. The adult went to the student unless told otherwise. The new contact's id, or
 * null where it was logged before.
 */
export const logContact = (
  scene: Scene,
  contact: Pick<Told, "kind"> & Partial<Told> & { studentId: string; adultId: string; source: string; at: Date },
): Promise<string | null> => insertContact(scene.tx, { direction: "out", about: null, ...contact, schoolId: scene.schoolId, id: scene.deps.ids() })
