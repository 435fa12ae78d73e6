/** The guide's phases ("Solutions d'hébergement par phase") plus its pre-production environment. */
export const PHASES = ["mvp", "staging", "growth", "enterprise"] as const;
export type Phase = (typeof PHASES)[number];
