import type { HostingPhase } from "./phase.ts";

/** What a phase may cost a month, in EUR, from the guide: the target of its calendar and the ceiling of its range. */
export interface PhaseBudget {
  target: number;
  ceiling: number;
}

export const BUDGETS: Record<HostingPhase, PhaseBudget> = {
  mvp: { target: 100, ceiling: 120 },
  staging: { target: 30, ceiling: 40 },
  growth: { target: 500, ceiling: 850 },
  enterprise: { target: 2000, ceiling: 3500 },
};
