/** Octets of a message that are looked at for its trace: some ten times what that of a message that goes in a circle comes to. */
export const TRACE_OCTETS = 262_144
