/** The guide's phases ("Solutions d'hébergement par phase") plus its pre-production environment. */
export const HOSTING_PHASES = ["mvp", "staging", "growth", "enterprise"] as const;
export type HostingPhase = (typeof HOSTING_PHASES)[number];

/** And what watches over them: their organisation in Pulumi Cloud. */
export const PHASES = [...HOSTING_PHASES, "governance"] as const;
export type Phase = (typeof PHASES)[number];
