/** A reason as the case file writes it. */
export type WrittenReason = { source: string; at?: string; says?: string } | { judgement: string };
